package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.runtime.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A loop over many sets of arrays in one launch: threads share the elements of all sets together, however small each one is. */
final class Segments {
    /** Pieces of a row begin at multiples of this, so that vectors are whole and threads write to different cache lines. */
    private static final int STEP = 64;

    private Segments() {}

    /** Some columns of some rows of a set, and where each operand begins. */
    private record Part(Nest set, int[] offsets, int rows, int columns) {
        /** What begins with the element of this number: as many whole rows as there is room for, or else a part of one. */
        static Part of(Nest set, int element, long room) {
            int row = element / set.columns();
            int column = element % set.columns();
            int[] offsets = IntStream.range(0, set.operands()).map(k -> set.position(k, row, column)).toArray();
            int rows = column > 0 ? 0 : (int) Math.min(room / set.columns(), set.rowsInStep(row));
            return rows > 0 ? new Part(set, offsets, rows, set.columns())
                    : new Part(set, offsets, 1,
                            (int) Math.min(Math.ceilDiv(room, STEP) * STEP, set.columns() - column));
        }

        int elements() {
            return rows * columns;
        }
    }

    /**
     * Computes all sets.
     *
     * @param sets the operands of each, which lie along the columns as the loop expects it
     * @param cost operations on one element
     */
    static Launch prepare(Loop loop, List<Nest> sets, int cost) {
        long elements = sets.stream().mapToLong(Nest::elements).sum();
        long perPiece = Pieces.perPiece((int) Math.min(elements, Integer.MAX_VALUE), cost);
        Part[][] pieces = pieces(sets, Math.ceilDiv(perPiece, STEP) * STEP);
        return Workers.prepare(pieces.length, piece -> {
            for (Part part : pieces[piece]) {
                part.set.run(loop, part.offsets, part.rows, part.columns);
            }
        });
    }

    /** So many elements of one set or of several in each, in order. */
    private static Part[][] pieces(List<Nest> sets, long perPiece) {
        List<Part[]> pieces = new ArrayList<>();
        List<Part> open = new ArrayList<>();
        long room = perPiece;
        for (Nest set : sets) {
            for (int element = 0; element < set.elements();) {
                Part part = Part.of(set, element, room);
                open.add(part);
                element += part.elements();
                room -= part.elements();
                if (room <= 0) {
                    pieces.add(open.toArray(Part[]::new));
                    open.clear();
                    room = perPiece;
                }
            }
        }
        if (!open.isEmpty()) {
            pieces.add(open.toArray(Part[]::new));
        }
        return pieces.toArray(Part[][]::new);
    }
}
