package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.runtime.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A loop over many sets of flat arrays in one launch: threads share the elements of all sets together, however small each one is. */
final class Segments {
    /** Pieces of a set begin at multiples of this, so that vectors are whole and threads write to different cache lines. */
    private static final int STEP = 64;

    private final Loop loop;
    /** Distances from one column to the next, the same for all sets; no set has a second row. */
    private final int[] strides;

    private Segments(Loop loop, int[] strides) {
        this.loop = loop;
        this.strides = strides;
    }

    /** Some columns of a set. */
    private record Run(Object[] arrays, int[] offsets, int columns) {
        static Run of(Array[] operands) {
            return new Run(Arrays.stream(operands).map(Array::data).toArray(),
                    Arrays.stream(operands).mapToInt(Array::offset).toArray(), operands[operands.length - 1].size());
        }

        Run part(int from, int to, int[] strides) {
            int[] moved = offsets.clone();
            for (int k = 0; k < moved.length; k++) {
                moved[k] += from * strides[k];
            }
            return new Run(arrays, moved, to - from);
        }
    }

    /**
     * Computes all sets.
     *
     * @param sets the operands of each, all of one shape; the last one has an element or more
     * @param strides of the operands along the columns: 1, or 0 for what shows one element only
     * @param cost operations on one element
     */
    static Launch prepare(Loop loop, List<Array[]> sets, int[] strides, int cost) {
        return new Segments(loop, strides).launch(sets.stream().map(Run::of).toList(), cost);
    }

    private Launch launch(List<Run> sets, int cost) {
        long columns = sets.stream().mapToLong(Run::columns).sum();
        long perPiece = Pieces.perPiece((int) Math.min(columns, Integer.MAX_VALUE), cost);
        Run[][] pieces = perPiece >= columns ? new Run[][] {sets.toArray(Run[]::new)}
                : pieces(sets, (int) Math.ceilDiv(perPiece, STEP) * STEP);
        return Workers.prepare(pieces.length, piece -> run(pieces[piece]));
    }

    /** So many columns of one set or of several in each, in order. */
    private Run[][] pieces(List<Run> sets, int perPiece) {
        List<Run[]> pieces = new ArrayList<>();
        List<Run> open = new ArrayList<>();
        int room = perPiece;
        for (Run set : sets) {
            for (int from = 0; from < set.columns;) {
                int to = Math.min(set.columns, from + Math.ceilDiv(room, STEP) * STEP);
                open.add(set.part(from, to, strides));
                room -= to - from;
                from = to;
                if (room <= 0) {
                    pieces.add(open.toArray(Run[]::new));
                    open.clear();
                    room = perPiece;
                }
            }
        }
        if (!open.isEmpty()) {
            pieces.add(open.toArray(Run[]::new));
        }
        return pieces.toArray(Run[][]::new);
    }

    private void run(Run[] piece) {
        for (Run run : piece) {
            loop.run(run.arrays, run.offsets, strides, strides, 1, run.columns);
        }
    }
}
