package io.adjoint.autodiff.kernel;

/** Results in tiles: those of a panel of the right matrix, and ways into and out of a tile that is computed apart. The build derives the float64 twin from this source. */
final class FloatTiles {
    /** Where the first sums begin. */
    private static final float[] ZEROS = new float[FloatWideTile.COLUMNS];

    private FloatTiles() {}

    /** All tiles of one panel of the right matrix. */
    static void multiplyPanel(
            FloatMatrix left,
            int depth,
            float[] leftPanels,
            float[] panels,
            int b,
            int bStride,
            int width,
            int column,
            FloatMatrix out,
            boolean first,
            boolean packsLeft,
            float[] edge) {
        boolean wide = width == FloatWideTile.COLUMNS;
        boolean broad = width == FloatBroadTile.COLUMNS;
        int columns = Math.min(width, out.columns() - column);
        boolean narrow = columns <= FloatTile.LANES && !packsLeft;
        boolean whole = !narrow && columns == width && out.columnStride() == 1;
        int apart = narrow ? FloatTile.COLUMNS : width;
        float[] c = whole ? out.data() : edge;
        int stride = whole ? out.rowStride() : apart;
        float[] s = first ? ZEROS : c;
        int sStride = first ? 0 : stride;
        int height = narrow ? FloatTile.NARROW_ROWS : broad ? FloatBroadTile.ROWS : FloatTile.TALLEST;
        for (int row = 0; row < out.rows(); row += height) {
            int rows = Math.min(height, out.rows() - row);
            int at = out.at(row, column);
            int c0 = whole ? at : 0;
            int s0 = first ? 0 : c0;
            if (!whole && !first) {
                load(rows, columns, out, at, edge, apart);
            }
            if (narrow) {
                FloatTile.multiplyNarrow(left.data(), left.at(row, 0), left.rowStride(), panels, b, bStride, depth,
                        rows, s, sStride, c);
            } else if (packsLeft) {
                int a = row / FloatTile.LEFT * FloatTile.LEFT * depth + row % FloatTile.LEFT;
                if (wide) {
                    FloatWideTile.multiply(leftPanels, a, panels, b, depth, rows, s, s0, sStride, c, c0, stride);
                } else if (rows > FloatTile.ROWS) {
                    FloatTallTile.multiply(leftPanels, a, panels, b, depth, rows, s, s0, sStride, c, c0, stride);
                } else {
                    FloatTile.multiply(leftPanels, a, panels, b, depth, rows, s, s0, sStride, c, c0, stride);
                }
            } else {
                if (broad) {
                    FloatBroadTile.multiplyRows(depth, rows, left.data(), left.at(row, 0), left.rowStride(), panels, b,
                            c, c0, stride, first);
                } else if (wide) {
                    FloatWideTile.multiplyRows(depth, rows, left.data(), left.at(row, 0), left.rowStride(), panels, b,
                            c, c0, stride, first);
                } else if (rows > FloatTile.ROWS) {
                    FloatTallTile.multiplyRows(depth, rows, left.data(), left.at(row, 0), left.rowStride(), panels, b,
                            bStride, c, c0, stride, first);
                } else {
                    FloatTile.multiplyRows(depth, rows, left.data(), left.at(row, 0), left.rowStride(), panels, b, c,
                            c0, stride, first);
                }
            }
            if (!whole) {
                store(rows, columns, edge, apart, out, at);
            }
        }
    }

    /** A tile of a matrix, its rows {@code stride} apart. */
    static void load(int rows, int columns, FloatMatrix from, int at, float[] edge, int stride) {
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                edge[row * stride + column] = from.data()[at + row * from.rowStride() + column * from.columnStride()];
            }
        }
    }

    /** The elements of a tile, its rows {@code stride} apart, to where they belong in a matrix. */
    static void store(int rows, int columns, float[] edge, int stride, FloatMatrix to, int at) {
        int done = 0;
        if (to.rowStride() == 1) {
            done = FloatPacking.transpose(rows, columns, edge, 0, stride, to.data(), at, to.columnStride());
        }
        for (int row = done; row < rows; row++) {
            if (to.columnStride() == 1) {
                System.arraycopy(edge, row * stride, to.data(), at + row * to.rowStride(), columns);
                continue;
            }
            for (int column = 0; column < columns; column++) {
                to.data()[at + row * to.rowStride() + column * to.columnStride()] = edge[row * stride + column];
            }
        }
    }
}
