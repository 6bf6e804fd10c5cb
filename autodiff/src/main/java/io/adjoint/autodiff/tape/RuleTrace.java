package io.adjoint.autodiff.tape;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.op.Gradient;
import io.adjoint.autodiff.runtime.Array;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/** A gradient rule run once on tensors without values, to learn its formula. */
final class RuleTrace implements Gradient.Context {
    /** What a rule reads: an input by its number, or one of the other two. */
    static final int COTANGENT = -1;

    static final int OUTPUT = -2;

    private final LaneTrace trace = new LaneTrace();
    private final IntFunction<DType> types;
    private final IntFunction<Lane> reads;
    private final Map<Integer, Tensor> stands = new HashMap<>();

    private RuleTrace(IntFunction<DType> types, IntFunction<Lane> reads) {
        this.types = types;
        this.reads = reads;
    }

    /** What a rule computes of what it reads. */
    record Formula(Lane expression, List<Integer> sources, int operations) {
        boolean readsCotangent() {
            return sources.contains(COTANGENT);
        }

        /** The arrays that it reads, as they are in a walk. */
        Array[] arrays(Gradient.Context context) {
            Array[] arrays = new Array[sources.size()];
            for (int k = 0; k < arrays.length; k++) {
                int source = sources.get(k);
                arrays[k] = Internals.array(switch (source) {
                    case COTANGENT -> context.cotangent();
                    case OUTPUT -> context.output();
                    default -> context.input(source);
                });
            }
            return arrays;
        }
    }

    /** The formula of a rule of the node's; null if it consists of more than elementwise operations. */
    static Formula of(Node node, Gradient.Vjp rule) {
        IntFunction<DType> types = source -> source < 0 ? node.spec().dtype() : node.inputSpec(source).dtype();
        List<Integer> sources = new ArrayList<>();
        RuleTrace rules = new RuleTrace(types, source -> {
            sources.add(source);
            return Lane.input(sources.size() - 1, types.apply(source));
        });
        return rules.run(rule).map(lane -> new Formula(lane, List.copyOf(sources), rules.trace.steps().size()))
                .orElse(null);
    }

    /**
     * What a rule makes of given expressions, all of one dtype; empty if it consists of more than elementwise operations.
     *
     * @param reads the expression of each source
     */
    static Optional<Lane> of(Gradient.Vjp rule, DType type, IntFunction<Lane> reads) {
        return new RuleTrace(_ -> type, reads).run(rule);
    }

    private Optional<Lane> run(Gradient.Vjp rule) {
        return trace.run(() -> rule.apply(this)).map(trace::formula);
    }

    @Override
    public Tensor cotangent() {
        return read(COTANGENT);
    }

    @Override
    public Tensor input(int i) {
        return read(i);
    }

    @Override
    public Tensor output() {
        return read(OUTPUT);
    }

    @Override
    public TensorSpec inputSpec(int i) {
        return new TensorSpec(types.apply(i), Shape.scalar());
    }

    private Tensor read(int source) {
        return stands.computeIfAbsent(source, wanted -> trace.stand(reads.apply(wanted)));
    }
}
