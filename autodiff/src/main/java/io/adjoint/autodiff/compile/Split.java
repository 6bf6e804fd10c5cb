package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.Op;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Workers;
import java.util.List;

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
        if (kept.isByRows(unit)) {
            return new Split(result, result.rank() - 1, List.of(0, -result.rank()),
                    Workers.threads() == 1 ? PRODUCT_ROWS : SHARED_PRODUCT_ROWS);
        }
        List<Integer> shifts = unit.reads().stream()
                .map(read -> Math.min(0, values.array(read).shape().rank() - result.rank())).toList();
        int axes = switch (unit) {
            case Unit.Fused _ -> result.rank() - 1;
            case Unit.Single(int step, _) -> separableAxes(((Graph.Apply) graph.steps().get(step)).op(),
                    unit.reads().stream().map(read -> graph.steps().get(read).spec()).toList());
            case Unit.Yield _, Unit.Sum _, Unit.Finished _, Unit.Strip _, Unit.Gathered _ -> 0;
        };
        return new Split(result, Math.max(0, axes), shifts, 1);
    }

    /** A result that is computed afresh each time, as that of a user's operation, is computed as a whole. */
    private static int separableAxes(Op op, List<TensorSpec> inputs) {
        int axes = op.separableAxes(inputs);
        return axes > 0 && Work.allocates(op) ? 0 : axes;
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
