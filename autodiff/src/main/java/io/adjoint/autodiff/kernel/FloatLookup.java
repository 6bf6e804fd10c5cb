package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;

/**
 * Rows of a table at the places that an index names, as of an embedding, one after the other. Elements of a row lie side by side. The build
 * derives the float64 twin from this source.
 *
 * @param base where the table begins
 * @param tableStep from one row of the table to the next
 * @param first where the first place stands
 * @param rows has a row for each place
 * @param start where they begin
 */
record FloatLookup(float[] table, int base, int tableStep, long[] places, int first, int placeStep, float[] rows,
        int start, int rowStep, int count, int columns) {
    /** With a lambda, since a reference to the method would load its class, which cannot be where there are no vectors. */
    private static final FloatTiers TIERS = new FloatTiers(() -> FloatLookupSums.trials(), 1L << 26);

    /** Of arrays whose axes before that one have one element, and of whose axes behind it the index says nothing. */
    static FloatLookup of(Array table, Array index, int axis, Array rows) {
        int count = index.shape().dim(axis);
        return new FloatLookup(table.floats(), table.offset(), table.stride(axis), index.longs(), index.offset(),
                index.stride(axis), rows.floats(), rows.offset(), rows.stride(axis), count, index.size() / count);
    }

    /** Copies the named rows, again and again. */
    Launch gather() {
        return Pieces.prepare(count, columns, () -> (from, to) -> {
            for (int row = from; row < to; row++) {
                System.arraycopy(table, named(row), rows, other(row), columns);
            }
        });
    }

    /** Adds each row to the one that is named, in their order, again and again: by one thread, for a place may be named more than once. */
    Launch scatterAdd() {
        return () -> {
            if (isSimd()) {
                FloatLookupSums.scatterAdd(this);
                return;
            }
            for (int row = 0; row < count; row++) {
                add(rows, other(row), table, named(row), columns);
            }
        };
    }

    private boolean isSimd() {
        // in this order: nobody can say how many lanes there are where there are no vectors
        return TIERS.isSimd((long) count * columns) && columns >= Simd.lanes(Float.BYTES);
    }

    private static void add(float[] source, int from, float[] target, int to, int columns) {
        for (int column = 0; column < columns; column++) {
            target[to + column] += source[from + column];
        }
    }

    /** Where the row of the table begins that a place names. */
    int named(int row) {
        return base + (int) places[first + row * placeStep] * tableStep;
    }

    /** Where the row of that place begins among the others. */
    int other(int row) {
        return start + row * rowStep;
    }
}
