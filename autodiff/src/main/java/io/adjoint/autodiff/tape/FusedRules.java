package io.adjoint.autodiff.tape;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.kernel.MapKernel;
import io.adjoint.autodiff.op.Elementwise;
import io.adjoint.autodiff.op.Gradient;
import io.adjoint.autodiff.runtime.Array;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The gradient rules of elementwise operations, each as one loop where it consists of several operations. The loop computes
 * the same sequence for each element, so the bits are those of the operations one after the other.
 */
final class FusedRules {
    /** Longer loops need more registers than there are, and lose what they gain. */
    static final int MOST_NODES = 120;

    private static final ConcurrentHashMap<Key, Optional<Fused>> RULES = new ConcurrentHashMap<>();

    private FusedRules() {}

    private record Key(Elementwise op, int input, List<DType> types) {}

    private record Fused(RuleTrace.Formula formula, MapKernel kernel) {}

    /** The contribution to input number {@code i}, empty if the rule is to run as it is written. */
    static Optional<Tensor> pull(Elementwise op, int i, Node node, Gradient.Context context) {
        DType[] types = new DType[node.inputSpecs().size()];
        for (int k = 0; k < types.length; k++) {
            types[k] = node.inputSpec(k).dtype();
        }
        Key key = new Key(op, i, List.of(types));
        Optional<Fused> known = RULES.get(key);
        Optional<Fused> fused = known != null ? known : RULES.computeIfAbsent(key, wanted -> fuse(wanted, node));
        return fused.map(rule -> run(rule, node.spec().shape(), context));
    }

    private static Optional<Fused> fuse(Key key, Node node) {
        RuleTrace.Formula formula = RuleTrace.of(node, key.op.gradient().partial(key.input).vjp());
        if (formula == null || formula.operations() < 2 || !formula.readsCotangent()) {
            return Optional.empty();
        }
        MapKernel kernel = MapKernel.of(formula.expression());
        return kernel.cost() > MOST_NODES ? Optional.empty() : Optional.of(new Fused(formula, kernel));
    }

    private static Tensor run(Fused fused, Shape shape, Gradient.Context context) {
        Array[] arrays = fused.formula.arrays(context);
        for (int k = 0; k < arrays.length; k++) {
            arrays[k] = arrays[k].broadcastTo(shape);
        }
        Array out = Array.uninitialized(fused.formula.expression().type(), shape);
        fused.kernel.run(arrays, out);
        return Internals.tensor(out);
    }
}
