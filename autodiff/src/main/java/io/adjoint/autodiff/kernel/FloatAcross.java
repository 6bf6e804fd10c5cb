package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Launch;

/**
 * The SIMD product of few rows with a right matrix that is kept packed, computed across: elements of the right matrix are broadcast
 * and meet vectors of rows of the left one. So the right matrix, which is often weights too large for a cache, comes as one slow and
 * steady stream, while a panel of rows stays in the first level. (Where a panel of it meets the rows one after the other, the first
 * ones wait for memory and the others leave it idle: 16 rows took a fourth more time.) The build derives the float64 twin from
 * this source.
 *
 * @param left {@code [depth, rows]}: its vectors lie along the rows
 * @param right the panels, {@link #WIDTH} columns wide
 * @param column of the right matrix at which {@code out} begins, that of a panel
 * @param out {@code [columns, rows]}
 * @param begin where the sums begin
 */
record FloatAcross(FloatMatrix left, FloatPanels right, int column, FloatMatrix out, Begin begin) implements Launch {
    /** Columns of a panel. */
    static final int WIDTH = FloatSightTile.FILTERS;

    /** Columns that meet one panel of rows after the other: they stay in the second level meanwhile. */
    private static final int COLUMNS = 32;

    /** Rows of a tile. */
    private static final int ROWS = FloatTile.COLUMNS;

    private static final FloatCut PANELS = FloatCut.even(ROWS);

    /** Where sums begin. */
    private static final float[] ZEROS = new float[ROWS];

    @Override
    public void run() {
        FloatScratch scratch = FloatScratch.get();
        float[] panels = right.part(0);
        float[] rows = scratch.left(FloatPacking.size(left, ROWS));
        FloatPacking.pack(left, PANELS, FloatPacking.Beyond.ANYTHING, rows);
        for (int first = 0; first < out.rows(); first += COLUMNS) {
            int end = Math.min(first + COLUMNS, out.rows());
            for (int row = 0; row < out.columns(); row += ROWS) {
                multiply(rows, row, panels, first, end, scratch.edge());
            }
        }
    }

    /** A panel of rows with some columns. */
    private void multiply(float[] rows, int row, float[] panels, int first, int end, float[] edge) {
        int depth = left.rows();
        int height = Math.min(ROWS, out.columns() - row);
        float[] sums = begin == Begin.ZERO ? ZEROS : edge;
        int stride = begin == Begin.ZERO ? 0 : ROWS;
        for (int q = first; q < end; q += WIDTH) {
            int columns = Math.min(WIDTH, end - q);
            int at = out.at(q, row);
            if (begin == Begin.RESULT) {
                FloatTiles.load(columns, height, out, at, edge, ROWS);
            }
            FloatSightTile.filters(depth, columns, panels, (column + q) * depth, rows, row * depth, sums, 0, stride,
                    edge, 0, ROWS);
            FloatTiles.store(columns, height, edge, ROWS, out, at);
        }
    }
}
