package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * The positions of some arrays of one shape as a nest of loops, neighbouring axes collapsed into one wherever all strides
 * allow: the two innermost are the columns and rows of a {@link Loop}, the others are walked around it.
 */
final class Nest {
    /** A cache line of floats, and a few pages of rows. */
    private static final int TILE_COLUMNS = 16;

    private static final int TILE_ROWS = 64;

    private final Object[] arrays;
    private final int[] offsets;
    private final int[] dims;
    /** The strides of the operands for each level; level 0 is the columns. */
    private final int[][] strides;
    private int levels;

    private Nest(Array[] operands, int rank) {
        arrays = new Object[operands.length];
        offsets = new int[operands.length];
        for (int k = 0; k < operands.length; k++) {
            if (!operands[k].isSymbolic()) { // else it is only asked how they lie
                arrays[k] = operands[k].data();
            }
            offsets[k] = operands[k].offset();
        }
        dims = new int[Math.max(2, rank)];
        strides = new int[dims.length][];
    }

    /** The nest over the common shape of the operands, which has an element or more. */
    static Nest of(Array... operands) {
        Shape shape = operands[0].shape();
        Nest nest = new Nest(operands, shape.rank());
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            nest.surround(shape.dim(axis), steps(axis, operands), 0);
        }
        return nest.complete();
    }

    /** The nest over the common shape of the operands in which {@code columns} are a level of their own, inside of all axes. */
    static Nest around(int columns, int[] columnStrides, Array... operands) {
        Shape shape = operands[0].shape();
        Nest nest = new Nest(operands, shape.rank() + 1);
        nest.dims[0] = columns;
        nest.strides[0] = columnStrides;
        nest.levels = 1;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            nest.surround(shape.dim(axis), steps(axis, operands), 1);
        }
        return nest.complete();
    }

    private static int[] steps(int axis, Array[] operands) {
        int[] steps = new int[operands.length];
        for (int k = 0; k < operands.length; k++) {
            steps[k] = operands[k].stride(axis);
        }
        return steps;
    }

    /** Puts a loop around those that are there: as a further level, or as a longer outermost one above {@code fixed}. */
    private void surround(int dim, int[] steps, int fixed) {
        if (dim == 1) {
            return;
        }
        if (levels > fixed && continues(strides[levels - 1], dims[levels - 1], steps)) {
            dims[levels - 1] *= dim;
        } else {
            dims[levels] = dim;
            strides[levels++] = steps;
        }
    }

    /** A level of one element has no strides to speak of; 1 spares it a layout of its own. */
    private Nest complete() {
        for (; levels < 2; levels++) {
            dims[levels] = 1;
            strides[levels] = new int[arrays.length];
            Arrays.fill(strides[levels], 1);
        }
        return this;
    }

    private static boolean continues(int[] inner, int dim, int[] outer) {
        for (int k = 0; k < inner.length; k++) {
            if (outer[k] != inner[k] * dim) {
                return false;
            }
        }
        return true;
    }

    /** How all operands but the last lie along the columns. */
    Layout[] layouts() {
        return layouts(arrays.length - 1);
    }

    /** How the first {@code inputs} operands lie along the columns. */
    Layout[] layouts(int inputs) {
        Layout[] layouts = new Layout[inputs];
        for (int k = 0; k < layouts.length; k++) {
            layouts[k] = Layout.of(strides[0][k]);
        }
        return layouts;
    }

    int operands() {
        return arrays.length;
    }

    Object array(int k) {
        return arrays[k];
    }

    int columnStride(int k) {
        return strides[0][k];
    }

    int rowStride(int k) {
        return strides[1][k];
    }

    /** How many rows from this one on follow each other at the row strides. */
    int rowsInStep(int row) {
        return dims[1] - row % dims[1];
    }

    int columns() {
        return dims[0];
    }

    /** The rows of all walks together. */
    int rows() {
        int rows = 1;
        for (int level = 1; level < levels; level++) {
            rows *= dims[level];
        }
        return rows;
    }

    /** Whether all rows follow each other at the row strides. */
    boolean isMatrix() {
        return levels == 2;
    }

    int elements() {
        return rows() * columns();
    }

    /** Runs a loop of {@code cost} operations an element over all positions, which must not depend on each other. */
    void run(Loop loop, int cost) {
        Cut cut = cut(loop, cost);
        Pieces.share(cut.items(), cut.cost(), (from, to) -> cut.body().get().run(from, to));
    }

    /** The same to be run again and again. */
    Launch prepare(Loop loop, int cost) {
        Cut cut = cut(loop, cost);
        return Pieces.prepare(cut.items(), cut.cost(), cut.body());
    }

    /** How the positions are shared: so many items of such a cost, and who runs over them. */
    private record Cut(int items, long cost, Supplier<Pieces.Body> body) {}

    private Cut cut(Loop loop, int cost) {
        return isCrossed() ? inTiles(loop, cost) : inRows(loop, cost);
    }

    /** Whether some array has its neighbours along the rows, so that walking along the columns would waste its cache lines. */
    private boolean isCrossed() {
        for (int k = 0; k < arrays.length; k++) {
            int step = Math.abs(strides[1][k]);
            if (step != 0 && step < Math.abs(strides[0][k])) {
                return dims[1] > TILE_COLUMNS && dims[0] > TILE_COLUMNS;
            }
        }
        return false;
    }

    private Cut inTiles(Loop loop, int cost) {
        int across = (columns() + TILE_COLUMNS - 1) / TILE_COLUMNS;
        int down = (rows() + TILE_ROWS - 1) / TILE_ROWS;
        return new Cut(across * down, (long) TILE_COLUMNS * TILE_ROWS * cost, () -> {
            int[] start = new int[offsets.length];
            return (from, to) -> {
                for (int tile = from; tile < to; tile++) {
                    int row = tile / across * TILE_ROWS;
                    int column = tile % across * TILE_COLUMNS;
                    rectangle(loop, start, row, Math.min(row + TILE_ROWS, rows()), column,
                            Math.min(TILE_COLUMNS, columns() - column));
                }
            };
        });
    }

    private Cut inRows(Loop loop, int cost) {
        int parts = (int) ((long) columns() * cost / Pieces.GRAIN) + 1;
        int width = (columns() + parts - 1) / parts;
        if (parts == 1) {
            return wholeRows(loop, cost);
        }
        return new Cut(rows() * parts, (long) width * cost, () -> {
            int[] start = new int[offsets.length];
            return (from, to) -> {
                for (int item = from; item < to; item++) {
                    int row = item / parts;
                    int column = item % parts * width;
                    if (column < columns()) {
                        rectangle(loop, start, row, row + 1, column, Math.min(width, columns() - column));
                    }
                }
            };
        });
    }

    private Cut wholeRows(Loop loop, int cost) {
        return new Cut(rows(), (long) columns() * cost, () -> {
            int[] start = new int[offsets.length];
            return (from, to) -> rectangle(loop, start, from, to, 0, columns());
        });
    }

    /** Runs, again and again, a loop that needs all columns of a row at once. */
    Launch prepareWholeRows(Loop loop, int cost) {
        Cut cut = wholeRows(loop, cost);
        return Pieces.prepare(cut.items(), cut.cost(), cut.body());
    }

    private void rectangle(Loop loop, int[] start, int row, int end, int column, int columns) {
        while (row < end) {
            int count = Math.min(rowsInStep(row), end - row);
            for (int k = 0; k < start.length; k++) {
                start[k] = position(k, row, column);
            }
            run(loop, start, count, columns);
            row += count;
        }
    }

    /** Runs a loop over a rectangle that begins there in each operand; its rows follow each other at the row strides. */
    void run(Loop loop, int[] start, int rows, int columns) {
        loop.run(arrays, start, strides[1], strides[0], rows, columns);
    }

    /** Where operand {@code k} has its element of this row and column. */
    int position(int k, int row, int column) {
        int position = offsets[k] + column * strides[0][k];
        int outermost = levels - 1;
        for (int level = 1; level < outermost; level++) {
            position += row % dims[level] * strides[level][k];
            row /= dims[level];
        }
        return position + row * strides[outermost][k];
    }
}
