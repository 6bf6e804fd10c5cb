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

    /** The reduction alone. */
    Reducer reducer() {
        return Reducer.of(combine, type(), mode);
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

    /** The loop for rows of so many columns. */
    Loop rowLoop(int columns, Layout... layouts) {
        return loops.get(vectors(columns, layouts), layouts);
    }

    /** Of how many vectors a row of so many columns is, if there is a loop for exactly so few; else 0. */
    int vectors(int columns, Layout... layouts) {
        return isVectorised(List.of(layouts)) ? VectorReduction.few(expression, columns) : 0;
    }

    private boolean isVectorised(List<Layout> layouts) {
        return mode != Simd.Mode.OFF && SimdLoops.handlesMap(expression, layouts)
                && type() != DType.BOOL && Simd.lanes(type().bytes()) <= ReduceKernel.PARTIALS;
    }

    private Loop emit(List<Layout> layouts, int vectors) {
        return tiered(MapReduceLoops.scalar(this, layouts), layouts, vectors);
    }

    /** The scalar loop with a SIMD twin, where there is one, for rows of so many vectors, or of any length if that is 0. */
    Loop tiered(Loop scalar, List<Layout> layouts, int vectors) {
        if (!isVectorised(layouts)) {
            return scalar;
        }
        List<DType> types = new ArrayList<>();
        for (int i = 0; i < layouts.size(); i++) {
            types.add(expression.inputs().getOrDefault(i, DType.BOOL));
        }
        kept.ifPresent(node -> types.add(node.type()));
        types.add(type());
        int lanes = SimdLoops.lanes(expression);
        TieredLoop tiered = vectors == 0
                ? new TieredLoop(scalar, () -> MapReduceLoops.simd(this, layouts), lanes,
                        new Rehearsal(types, layouts, cost()))
                : new TieredLoop(scalar, () -> VectorReduction.ofFew(this, layouts, vectors), lanes,
                        Rehearsal.ofRows(types, layouts, cost(), Math.max(lanes, (vectors - 1) * lanes + 1),
                                vectors * lanes));
        return mode == Simd.Mode.EAGER ? tiered.eager() : tiered;
    }
}
