package io.adjoint.autodiff.kernel;

/**
 * An emitted loop over a rectangle of rows and columns. Operand {@code k} at row {@code r} and column {@code c} is
 * {@code arrays[k][offsets[k] + r * rowStrides[k] + c * columnStrides[k]]}; the last operand is the output. The strides
 * along the columns must fit the {@link Layout}s that the loop was emitted for; one of the output is 1.
 *
 * <p>The output may be the same memory as an input, if each of its elements is at the same place in both, or if the rows of
 * the input are those of the output before: rows run in order.
 */
interface Loop {
    /** Runs over {@code rows} and {@code columns}, each 1 or more. The arrays of numbers are only read. */
    void run(Object[] arrays, int[] offsets, int[] rowStrides, int[] columnStrides, int rows, int columns);

    /** The same for a loop without a result of its own for each row: rows that follow each other without a gap run as one. */
    default void runJoined(
            Object[] arrays, int[] offsets, int[] rowStrides, int[] columnStrides, int rows, int columns) {
        boolean gap = false;
        for (int k = 0; k < arrays.length; k++) {
            gap |= rowStrides[k] != columns * columnStrides[k];
        }
        run(arrays, offsets, rowStrides, columnStrides, gap ? rows : 1, gap ? columns : rows * columns);
    }
}
