package io.adjoint.autodiff.tape;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.op.Elementwise;
import io.adjoint.autodiff.op.Gradient;
import io.adjoint.autodiff.op.Op;
import io.adjoint.autodiff.runtime.Array;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * A gradient rule run once on tensors without values, to learn its formula: each elementwise operation that it calls adds its
 * expression to those of its inputs.
 */
final class RuleTrace implements Trace, Gradient.Context {
    /** What a rule reads: an input by its number, or one of the other two. */
    private static final int COTANGENT = -1;

    private static final int OUTPUT = -2;

    private final Node node;
    private final Map<Array, Lane> formulas = new IdentityHashMap<>();
    private final List<Integer> sources = new ArrayList<>();
    private final List<Tensor> stands = new ArrayList<>();
    private int operations;

    private RuleTrace(Node node) {
        this.node = node;
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

    /** Says that a rule does more than elementwise operations. */
    private static final class NotElementwise extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotElementwise() {
            super(null, null, false, false);
        }
    }

    /** The formula of a rule of the node's; null if it consists of more than elementwise operations. */
    static Formula of(Node node, Gradient.Vjp rule) {
        RuleTrace trace = new RuleTrace(node);
        try {
            Tensor result = ScopedValue.where(OPEN, trace).call(() -> rule.apply(trace));
            return new Formula(trace.formula(result), List.copyOf(trace.sources), trace.operations);
        } catch (NotElementwise e) {
            return null;
        }
    }

    @Override
    public Tensor cotangent() {
        return read(COTANGENT, node.spec().dtype());
    }

    @Override
    public Tensor input(int i) {
        return read(i, inputSpec(i).dtype());
    }

    @Override
    public Tensor output() {
        return read(OUTPUT, node.spec().dtype());
    }

    @Override
    public TensorSpec inputSpec(int i) {
        return new TensorSpec(node.inputSpec(i).dtype(), Shape.scalar());
    }

    private Tensor read(int source, DType type) {
        int index = sources.indexOf(source);
        if (index < 0) {
            index = sources.size();
            sources.add(source);
            stands.add(stand(Lane.input(index, type)));
        }
        return stands.get(index);
    }

    private Tensor stand(Lane formula) {
        Array array = Array.symbolic(formula.type(), Shape.scalar());
        formulas.put(array, formula);
        return Internals.tensor(array);
    }

    /** What {@link Tape#apply} comes to within a trace. */
    Tensor apply(Op op, List<Tensor> inputs) {
        if (!(op instanceof Elementwise elementwise)) {
            throw new NotElementwise();
        }
        operations++;
        List<Lane> lanes = inputs.stream().map(this::formula).toList();
        return stand(elementwise.numerics(lanes));
    }

    private Lane formula(Tensor x) {
        Array array = Internals.array(x);
        Lane known = formulas.get(array);
        if (known != null) {
            return known;
        }
        if (array.shape().rank() != 0) {
            throw new NotElementwise();
        }
        return switch (array.dtype()) {
            case F32 -> Lane.constant(DType.F32, (double) array.floats()[array.offset()]);
            case F64 -> Lane.constant(DType.F64, array.doubles()[array.offset()]);
            case I32 -> Lane.constant(DType.I32, (long) array.ints()[array.offset()]);
            case I64 -> Lane.constant(DType.I64, array.longs()[array.offset()]);
            case BOOL -> throw new NotElementwise();
        };
    }
}
