package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.op.Joining;
import io.adjoint.autodiff.op.LogSoftmax;
import io.adjoint.autodiff.op.LogSoftmaxGradient;
import io.adjoint.autodiff.op.MatMul;
import io.adjoint.autodiff.op.Normalise;
import io.adjoint.autodiff.op.NormaliseGradient;
import io.adjoint.autodiff.op.Op;
import io.adjoint.autodiff.op.Softmax;
import io.adjoint.autodiff.op.SoftmaxGradient;
import io.adjoint.autodiff.op.Span;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * How a unit can be computed piece by piece along the leading axes of its result.
 *
 * @param result the shape of what it computes
 * @param axes how many of its leading axes can be cut; 0 if the unit is computed as a whole
 * @param shifts for each value that it reads the axis that goes with the result's first one
 * @param grain the rows of a piece are a multiple of this
 */
record Split(Shape result, int axes, List<Integer> shifts, int grain) {
    /** Rows of a product that share one reading of its right factor: fewer would read it more often. */
    private static final int PRODUCT_ROWS = 128;

    /** The same where threads share the pieces, of which there had better be many. */
    private static final int SHARED_PRODUCT_ROWS = 64;

    static Split of(Unit unit, Graph graph, Values values, KeptFactors kept) {
        Shape result = values.array(unit.writes().getFirst()).shape();
        IntFunction<Shape> shape = number -> values.array(unit.reads().get(number)).shape();
        return switch (unit) {
            case Unit.Fused _ -> stretching(unit, result, result.rank() - 1, shape);
            case Unit.Single(int step, _) -> switch (((Graph.Apply) graph.steps().get(step)).op()) {
                case Softmax(int axis) -> stretching(unit, result, axis, shape);
                case SoftmaxGradient(int axis) -> stretching(unit, result, axis, shape);
                case LogSoftmax(int axis) -> stretching(unit, result, axis, shape);
                case LogSoftmaxGradient(int axis) -> stretching(unit, result, axis, shape);
                case Normalise(Span span, _, _) when span == Span.LAST_AXIS ->
                    stretching(unit, result, result.rank() - 1, shape);
                case NormaliseGradient(Span span, _, _) when span == Span.LAST_AXIS ->
                    stretching(unit, result, result.rank() - 1, shape);
                case Joining joining when !joining.axes().isEmpty() ->
                    new Split(result, joining.axes().getFirst(), List.of(0), 1);
                case MatMul product when kept.isIn(unit) && product.left() == MatMul.Side.PLAIN
                        && shape.apply(0).rank() == result.rank() ->
                    new Split(result, result.rank() - 1, List.of(0, -result.rank()),
                            Workers.threads() == 1 ? PRODUCT_ROWS : SHARED_PRODUCT_ROWS);
                case MatMul _ when isShared(shape.apply(1)) -> whole(unit, result); // it would be packed for each piece
                case MatMul _ -> stretching(unit, result, result.rank() - 2, shape);
                case Op _ -> whole(unit, result);
            };
            case Unit.Sum _, Unit.Strip _ -> whole(unit, result);
        };
    }

    private static Split stretching(Unit unit, Shape result, int axes, IntFunction<Shape> shape) {
        List<Integer> shifts = new ArrayList<>();
        for (int i = 0; i < unit.reads().size(); i++) {
            shifts.add(shape.apply(i).rank() - result.rank());
        }
        return new Split(result, Math.max(0, axes), shifts, 1);
    }

    private static boolean isShared(Shape right) {
        return right.size() == right.dim(-1) * right.dim(-2);
    }

    private static Split whole(Unit unit, Shape result) {
        return new Split(result, 0, unit.reads().stream().map(_ -> 0).toList(), 1);
    }

    /** The numbers of pieces that it can be computed in. */
    List<Integer> counts() {
        return result.size() == 0 ? List.of()
                : Cut.counts(result, axes).stream()
                        .filter(pieces -> grain == 1 || result.size() / result.dim(-1) / pieces % grain == 0).toList();
    }

    /** A piece of the value that is read under this number. */
    Array read(int number, Array whole, int pieces, int piece) {
        return new Cut(result, pieces).piece(whole, shifts.get(number), piece);
    }

    /** A piece of what it writes. */
    Array written(Array whole, int pieces, int piece) {
        return new Cut(result, pieces).piece(whole, 0, piece);
    }
}
