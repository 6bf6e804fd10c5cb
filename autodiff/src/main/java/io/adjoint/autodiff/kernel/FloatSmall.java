package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Launch;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The SIMD product of matrices so small that panels would take as long as the product: elements of the left matrix are broadcast
 * from where they lie, rows of the right one are read there if it lies by rows, and most sums are written where they belong. The
 * build derives the float64 twin from this source.
 *
 * @param out of no more columns than a vector has lanes
 * @param begin where the sums begin
 */
record FloatSmall(FloatMatrix left, FloatMatrix right, FloatMatrix out, Begin begin) implements Launch {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /** Rows of a tile: as many chains of sums hide the latency of an addition. */
    private static final int ROWS = FloatTile.NARROW_ROWS;

    private static final FloatCut PANEL = FloatCut.even(FloatTile.NARROW);

    /** Columns of results that are small: few vectors, which a panel would meet together. */
    private static final int MOST_COLUMNS = Math.max(LANES, 16);

    /** Products of two numbers beside which panels do not show any more. */
    private static final int MOST_PRODUCTS = 1 << 14;

    /** Where the first sums begin. */
    private static final float[] ZEROS = new float[LANES];

    /** Whether a product is small. */
    static boolean serves(FloatMatrix left, FloatMatrix right) {
        return right.columns() <= MOST_COLUMNS
                && (long) left.rows() * left.columns() * right.columns() <= MOST_PRODUCTS;
    }

    /** A product that this {@linkplain #serves serves}, or the transposed one if that takes fewer vectors and copies. */
    static Launch prepare(FloatMatrix left, FloatMatrix right, FloatMatrix out, Begin begin) {
        boolean isAcross = out.rows() <= MOST_COLUMNS
                && cost(right.transposed(), left.transposed()) + out.rows() * out.columns() < cost(left, right);
        return isAcross ? plain(right.transposed(), left.transposed(), out.transposed(), begin)
                : plain(left, right, out, begin);
    }

    /** Vectors that are multiplied, and elements that are copied. */
    private static int cost(FloatMatrix left, FloatMatrix right) {
        return left.rows() * left.columns() * Math.ceilDiv(right.columns(), LANES)
                + (right.columnStride() == 1 ? 0 : right.rows() * right.columns());
    }

    /** A product that this serves, as it is. */
    static Launch plain(FloatMatrix left, FloatMatrix right, FloatMatrix out, Begin begin) {
        Launch[] strips = new Launch[Math.ceilDiv(out.columns(), LANES)];
        for (int i = 0; i < strips.length; i++) {
            int columns = Math.min(LANES, out.columns() - i * LANES);
            strips[i] = new FloatSmall(left, right.part(0, i * LANES, right.rows(), columns),
                    out.part(0, i * LANES, out.rows(), columns), begin);
        }
        return Launch.all(strips);
    }

    @Override
    public void run() {
        FloatScratch scratch = FloatScratch.get();
        if (isReadInPlace()) {
            multiply(right.data(), right.offset(), right.rowStride(), scratch.edge());
        } else {
            float[] panel = scratch.right(FloatTile.NARROW * right.rows());
            FloatPacking.pack(right, PANEL, FloatPacking.Beyond.ANYTHING, panel);
            multiply(panel, 0, FloatTile.NARROW, scratch.edge());
        }
    }

    /** Whether a vector from the beginning of each row of the right matrix on ends within its array. */
    private boolean isReadInPlace() {
        return right.columnStride() == 1
                && Math.max(right.at(0, 0), right.at(right.rows() - 1, 0)) + LANES <= right.data().length;
    }

    private void multiply(float[] b, int b0, int bStride, float[] edge) {
        int direct = direct();
        for (int row = 0; row < out.rows(); row += ROWS) {
            int rows = Math.min(ROWS, out.rows() - row);
            if (row + rows <= direct) {
                tile(row, rows, b, b0, bStride, out.data(), out.at(row, 0), out.rowStride());
            } else {
                if (begin == Begin.RESULT) {
                    FloatTiles.load(rows, out.columns(), out, out.at(row, 0), edge, LANES);
                }
                tile(row, rows, b, b0, bStride, edge, 0, LANES);
                store(row, rows, edge);
            }
        }
    }

    /** Of how many rows whole vectors may be written: what they hold beyond a row, the rows that come next overwrite. */
    private int direct() {
        if (out.columnStride() != 1) {
            return 0;
        }
        if (out.columns() == LANES) {
            return out.rows();
        }
        return begin == Begin.ZERO && out.rowStride() == out.columns()
                ? Math.max(0, out.rows() - Math.ceilDiv(LANES, out.columns()) + 1) : 0;
    }

    /** Element by element, since there are few in a row. */
    private void store(int row, int rows, float[] edge) {
        float[] to = out.data();
        int stride = out.columnStride();
        for (int r = 0; r < rows; r++) {
            int at = out.at(row + r, 0);
            for (int column = 0; column < out.columns(); column++) {
                to[at + column * stride] = edge[r * LANES + column];
            }
        }
    }

    private void tile(int row, int rows, float[] b, int b0, int bStride, float[] c, int c0, int cStride) {
        boolean first = begin == Begin.ZERO;
        float[] s = first ? ZEROS : c;
        int s0 = first ? 0 : c0;
        int sStride = first ? 0 : cStride;
        int a0 = left.at(row, 0);
        if (rows == ROWS && left.columnStride() == 1) {
            rows(left.columns(), left.data(), a0, left.rowStride(), b, b0, bStride, s, s0, sStride, c, c0, cStride);
        } else if (rows == ROWS && left.rowStride() == 1) {
            columns(left.columns(), left.data(), a0, left.columnStride(), b, b0, bStride, s, s0, sStride, c, c0,
                    cStride);
        } else {
            few(left.columns(), rows, left.data(), a0, left.rowStride(), left.columnStride(), b, b0, bStride, s, s0,
                    sStride, c, c0, cStride);
        }
    }

    /**
     * Eight rows of a, each from left to right, times rows of b. Sums begin at what {@code s} holds: see {@link FloatTile#multiply}.
     * Helpers would not be inlined, and clamped indices cost a fifth of so short a loop, hence three such methods.
     */
    private static void rows(int depth, float[] a, int a0, int aStride, float[] b, int b0, int bStride, float[] s,
            int s0, int sStride, float[] c, int c0, int cStride) {
        int a1 = a0 + aStride;
        int a2 = a0 + 2 * aStride;
        int a3 = a0 + 3 * aStride;
        int a4 = a0 + 4 * aStride;
        int a5 = a0 + 5 * aStride;
        int a6 = a0 + 6 * aStride;
        int a7 = a0 + 7 * aStride;
        FloatVector x0 = FloatVector.fromArray(SPECIES, s, s0);
        FloatVector x1 = FloatVector.fromArray(SPECIES, s, s0 + sStride);
        FloatVector x2 = FloatVector.fromArray(SPECIES, s, s0 + 2 * sStride);
        FloatVector x3 = FloatVector.fromArray(SPECIES, s, s0 + 3 * sStride);
        FloatVector x4 = FloatVector.fromArray(SPECIES, s, s0 + 4 * sStride);
        FloatVector x5 = FloatVector.fromArray(SPECIES, s, s0 + 5 * sStride);
        FloatVector x6 = FloatVector.fromArray(SPECIES, s, s0 + 6 * sStride);
        FloatVector x7 = FloatVector.fromArray(SPECIES, s, s0 + 7 * sStride);
        for (int p = 0; p < depth; p++) {
            FloatVector y = FloatVector.fromArray(SPECIES, b, b0 + p * bStride);
            x0 = FloatVector.broadcast(SPECIES, a[a0 + p]).fma(y, x0);
            x1 = FloatVector.broadcast(SPECIES, a[a1 + p]).fma(y, x1);
            x2 = FloatVector.broadcast(SPECIES, a[a2 + p]).fma(y, x2);
            x3 = FloatVector.broadcast(SPECIES, a[a3 + p]).fma(y, x3);
            x4 = FloatVector.broadcast(SPECIES, a[a4 + p]).fma(y, x4);
            x5 = FloatVector.broadcast(SPECIES, a[a5 + p]).fma(y, x5);
            x6 = FloatVector.broadcast(SPECIES, a[a6 + p]).fma(y, x6);
            x7 = FloatVector.broadcast(SPECIES, a[a7 + p]).fma(y, x7);
        }
        FloatTile.exact(x0).intoArray(c, c0);
        FloatTile.exact(x1).intoArray(c, c0 + cStride);
        FloatTile.exact(x2).intoArray(c, c0 + 2 * cStride);
        FloatTile.exact(x3).intoArray(c, c0 + 3 * cStride);
        FloatTile.exact(x4).intoArray(c, c0 + 4 * cStride);
        FloatTile.exact(x5).intoArray(c, c0 + 5 * cStride);
        FloatTile.exact(x6).intoArray(c, c0 + 6 * cStride);
        FloatTile.exact(x7).intoArray(c, c0 + 7 * cStride);
    }

    /** The same where the elements of a column of a follow each other. */
    private static void columns(int depth, float[] a, int a0, int aStep, float[] b, int b0, int bStride, float[] s,
            int s0, int sStride, float[] c, int c0, int cStride) {
        FloatVector x0 = FloatVector.fromArray(SPECIES, s, s0);
        FloatVector x1 = FloatVector.fromArray(SPECIES, s, s0 + sStride);
        FloatVector x2 = FloatVector.fromArray(SPECIES, s, s0 + 2 * sStride);
        FloatVector x3 = FloatVector.fromArray(SPECIES, s, s0 + 3 * sStride);
        FloatVector x4 = FloatVector.fromArray(SPECIES, s, s0 + 4 * sStride);
        FloatVector x5 = FloatVector.fromArray(SPECIES, s, s0 + 5 * sStride);
        FloatVector x6 = FloatVector.fromArray(SPECIES, s, s0 + 6 * sStride);
        FloatVector x7 = FloatVector.fromArray(SPECIES, s, s0 + 7 * sStride);
        for (int p = 0; p < depth; p++) {
            int column = a0 + p * aStep;
            FloatVector y = FloatVector.fromArray(SPECIES, b, b0 + p * bStride);
            x0 = FloatVector.broadcast(SPECIES, a[column]).fma(y, x0);
            x1 = FloatVector.broadcast(SPECIES, a[column + 1]).fma(y, x1);
            x2 = FloatVector.broadcast(SPECIES, a[column + 2]).fma(y, x2);
            x3 = FloatVector.broadcast(SPECIES, a[column + 3]).fma(y, x3);
            x4 = FloatVector.broadcast(SPECIES, a[column + 4]).fma(y, x4);
            x5 = FloatVector.broadcast(SPECIES, a[column + 5]).fma(y, x5);
            x6 = FloatVector.broadcast(SPECIES, a[column + 6]).fma(y, x6);
            x7 = FloatVector.broadcast(SPECIES, a[column + 7]).fma(y, x7);
        }
        FloatTile.exact(x0).intoArray(c, c0);
        FloatTile.exact(x1).intoArray(c, c0 + cStride);
        FloatTile.exact(x2).intoArray(c, c0 + 2 * cStride);
        FloatTile.exact(x3).intoArray(c, c0 + 3 * cStride);
        FloatTile.exact(x4).intoArray(c, c0 + 4 * cStride);
        FloatTile.exact(x5).intoArray(c, c0 + 5 * cStride);
        FloatTile.exact(x6).intoArray(c, c0 + 6 * cStride);
        FloatTile.exact(x7).intoArray(c, c0 + 7 * cStride);
    }

    /** The same for any a and up to eight rows; with fewer the last one is computed and stored again. */
    private static void few(int depth, int rows, float[] a, int a0, int aStride, int aStep, float[] b, int b0,
            int bStride, float[] s, int s0, int sStride, float[] c, int c0, int cStride) {
        int a1 = a0 + Math.min(1, rows - 1) * aStride;
        int a2 = a0 + Math.min(2, rows - 1) * aStride;
        int a3 = a0 + Math.min(3, rows - 1) * aStride;
        int a4 = a0 + Math.min(4, rows - 1) * aStride;
        int a5 = a0 + Math.min(5, rows - 1) * aStride;
        int a6 = a0 + Math.min(6, rows - 1) * aStride;
        int a7 = a0 + Math.min(7, rows - 1) * aStride;
        FloatVector x0 = FloatVector.fromArray(SPECIES, s, s0);
        FloatVector x1 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(1, rows - 1) * sStride);
        FloatVector x2 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(2, rows - 1) * sStride);
        FloatVector x3 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(3, rows - 1) * sStride);
        FloatVector x4 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(4, rows - 1) * sStride);
        FloatVector x5 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(5, rows - 1) * sStride);
        FloatVector x6 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(6, rows - 1) * sStride);
        FloatVector x7 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(7, rows - 1) * sStride);
        for (int p = 0; p < depth; p++) {
            int column = p * aStep;
            FloatVector y = FloatVector.fromArray(SPECIES, b, b0 + p * bStride);
            x0 = FloatVector.broadcast(SPECIES, a[a0 + column]).fma(y, x0);
            x1 = FloatVector.broadcast(SPECIES, a[a1 + column]).fma(y, x1);
            x2 = FloatVector.broadcast(SPECIES, a[a2 + column]).fma(y, x2);
            x3 = FloatVector.broadcast(SPECIES, a[a3 + column]).fma(y, x3);
            x4 = FloatVector.broadcast(SPECIES, a[a4 + column]).fma(y, x4);
            x5 = FloatVector.broadcast(SPECIES, a[a5 + column]).fma(y, x5);
            x6 = FloatVector.broadcast(SPECIES, a[a6 + column]).fma(y, x6);
            x7 = FloatVector.broadcast(SPECIES, a[a7 + column]).fma(y, x7);
        }
        FloatTile.exact(x0).intoArray(c, c0);
        FloatTile.exact(x1).intoArray(c, c0 + Math.min(1, rows - 1) * cStride);
        FloatTile.exact(x2).intoArray(c, c0 + Math.min(2, rows - 1) * cStride);
        FloatTile.exact(x3).intoArray(c, c0 + Math.min(3, rows - 1) * cStride);
        FloatTile.exact(x4).intoArray(c, c0 + Math.min(4, rows - 1) * cStride);
        FloatTile.exact(x5).intoArray(c, c0 + Math.min(5, rows - 1) * cStride);
        FloatTile.exact(x6).intoArray(c, c0 + Math.min(6, rows - 1) * cStride);
        FloatTile.exact(x7).intoArray(c, c0 + Math.min(7, rows - 1) * cStride);
    }
}
