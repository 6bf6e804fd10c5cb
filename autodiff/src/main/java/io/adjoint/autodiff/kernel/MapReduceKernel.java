package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.kernel.ReduceKernel.Combine;
import io.adjoint.autodiff.lane.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Loops that join the values of an expression in each row, in the order of {@link ReduceKernel}, while they are computed. A
 * value on the way can be kept. The operands are the inputs, what is kept, and the results, one for each row.
 */
final class MapReduceKernel {
    private final Lane value;
    private final Optional<Lane> kept;
    private final Combine combine;
    private final Simd.Mode mode;
    private final Expression expression;
    private final LoopTable loops = new LoopTable(this::emit);

    /**
     * @param value what is joined
     * @param kept a node of it, and no leaf, whose value at each position is stored
     */
    MapReduceKernel(Lane value, Optional<Lane> kept, Combine combine, Simd.Mode mode) {
        this.value = value;
        this.kept = kept;
        this.combine = combine;
        this.mode = mode;
        this.expression = new Expression(value);
    }

    Lane value() {
        return value;
    }

    Optional<Lane> kept() {
        return kept;
    }

    /** The same reduction of something else. */
    MapReduceKernel of(Lane otherValue, Optional<Lane> otherKept) {
        return new MapReduceKernel(otherValue, otherKept, combine, mode);
    }

    Expression expression() {
        return expression;
    }

    DType type() {
        return value.type();
    }

    Lane.BinaryOp op() {
        return combine.op();
    }

    Lane.Constant identity() {
        return combine.identity(type());
    }

    /** Operations on one element, roughly. */
    int cost() {
        return expression.nodes().size() + 1;
    }

    Loop loop(Layout... layouts) {
        return loops.get(layouts);
    }

    private Loop emit(List<Layout> layouts) {
        Loop scalar = MapReduceLoops.scalar(this, layouts);
        if (mode == Simd.Mode.OFF || !SimdLoops.handlesMap(expression, layouts)
                || !SimdLoops.handlesReduce(type(), Layout.UNIT)) {
            return scalar;
        }
        List<DType> types = new ArrayList<>();
        for (int i = 0; i < layouts.size(); i++) {
            types.add(expression.inputs().getOrDefault(i, DType.BOOL));
        }
        kept.ifPresent(node -> types.add(node.type()));
        types.add(type());
        TieredLoop tiered = new TieredLoop(scalar, () -> MapReduceLoops.simd(this, layouts),
                SimdLoops.lanes(expression), new Rehearsal(types, layouts, cost()));
        return mode == Simd.Mode.EAGER ? tiered.eager() : tiered;
    }
}
