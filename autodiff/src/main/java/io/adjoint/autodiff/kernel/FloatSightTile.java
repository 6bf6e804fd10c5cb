package io.adjoint.autodiff.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loops of a convolution whose windows slide by one: as {@link FloatTile}, but what windows see is read where
 * it lies in the padded image, since neighbouring windows see neighbours. The build derives the float64 twin from this source.
 */
final class FloatSightTile {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int ROWS = FloatTile.ROWS;
    private static final int COLUMNS = FloatTile.COLUMNS;

    private FloatSightTile() {}

    /**
     * Adds filters times what windows see to a tile of c: up to four filters, from a panel {@code a}, and {@link
     * FloatTile#COLUMNS} windows side by side from position {@code x0} on. With fewer filters, the last one is stored again.
     *
     * @param offsets of a window's elements, from number {@code p0} on
     * @param first whether the sums begin at zero instead of at what c holds
     */
    static void filters(int depth, int rows, float[] a, int a0, float[] x, int x0, int[] offsets, int p0,
            float[] c, int c0, int cStride, boolean first) {
        int last = rows - 1;
        int c1 = c0 + Math.min(1, last) * cStride;
        int c2 = c0 + Math.min(2, last) * cStride;
        int c3 = c0 + last * cStride;
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector s00 = first ? zero : FloatVector.fromArray(SPECIES, c, c0);
        FloatVector s01 = first ? zero : FloatVector.fromArray(SPECIES, c, c0 + LANES);
        FloatVector s10 = first ? zero : FloatVector.fromArray(SPECIES, c, c1);
        FloatVector s11 = first ? zero : FloatVector.fromArray(SPECIES, c, c1 + LANES);
        FloatVector s20 = first ? zero : FloatVector.fromArray(SPECIES, c, c2);
        FloatVector s21 = first ? zero : FloatVector.fromArray(SPECIES, c, c2 + LANES);
        FloatVector s30 = first ? zero : FloatVector.fromArray(SPECIES, c, c3);
        FloatVector s31 = first ? zero : FloatVector.fromArray(SPECIES, c, c3 + LANES);
        for (int p = 0; p < depth; p++) {
            int at = x0 + offsets[p0 + p];
            FloatVector y0 = FloatVector.fromArray(SPECIES, x, at);
            FloatVector y1 = FloatVector.fromArray(SPECIES, x, at + LANES);
            FloatVector w0 = FloatVector.broadcast(SPECIES, a[a0 + p * ROWS]);
            FloatVector w1 = FloatVector.broadcast(SPECIES, a[a0 + p * ROWS + 1]);
            FloatVector w2 = FloatVector.broadcast(SPECIES, a[a0 + p * ROWS + 2]);
            FloatVector w3 = FloatVector.broadcast(SPECIES, a[a0 + p * ROWS + 3]);
            s00 = w0.fma(y0, s00);
            s01 = w0.fma(y1, s01);
            s10 = w1.fma(y0, s10);
            s11 = w1.fma(y1, s11);
            s20 = w2.fma(y0, s20);
            s21 = w2.fma(y1, s21);
            s30 = w3.fma(y0, s30);
            s31 = w3.fma(y1, s31);
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + LANES);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + LANES);
        s20.intoArray(c, c2);
        s21.intoArray(c, c2 + LANES);
        s30.intoArray(c, c3);
        s31.intoArray(c, c3 + LANES);
    }

    /** One filter whose weights lie {@link FloatTile#ROWS} apart, and {@link FloatTile#STRIP} windows: for depthwise convolution. */
    static void filter(int depth, float[] a, int a0, float[] x, int x0, int[] offsets, int p0, float[] c, int c0,
            boolean first) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector s0 = first ? zero : FloatVector.fromArray(SPECIES, c, c0);
        FloatVector s1 = first ? zero : FloatVector.fromArray(SPECIES, c, c0 + LANES);
        FloatVector s2 = first ? zero : FloatVector.fromArray(SPECIES, c, c0 + 2 * LANES);
        FloatVector s3 = first ? zero : FloatVector.fromArray(SPECIES, c, c0 + 3 * LANES);
        for (int p = 0; p < depth; p++) {
            int at = x0 + offsets[p0 + p];
            FloatVector w = FloatVector.broadcast(SPECIES, a[a0 + p * ROWS]);
            s0 = w.fma(FloatVector.fromArray(SPECIES, x, at), s0);
            s1 = w.fma(FloatVector.fromArray(SPECIES, x, at + LANES), s1);
            s2 = w.fma(FloatVector.fromArray(SPECIES, x, at + 2 * LANES), s2);
            s3 = w.fma(FloatVector.fromArray(SPECIES, x, at + 3 * LANES), s3);
        }
        s0.intoArray(c, c0);
        s1.intoArray(c, c0 + LANES);
        s2.intoArray(c, c0 + 2 * LANES);
        s3.intoArray(c, c0 + 3 * LANES);
    }

    /**
     * Adds, to a tile of c, what elements of windows saw times what the windows give: up to four elements, at {@code x0} to
     * {@code x3} from a window's place, and {@link FloatTile#COLUMNS} filters. The windows are rows of {@code length} side by
     * side.
     *
     * @param rows places of the first windows of the rows, of which those from {@code from} up to {@code to} count
     * @param b for each window in order, a number for each filter of the panel
     * @param first whether the sums begin at zero instead of at what c holds
     */
    static void elements(int[] rows, int from, int to, int length, float[] x, int x0, int x1, int x2, int x3,
            float[] b, int b0, float[] c, int c0, int c1, int c2, int c3, boolean first) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector s00 = first ? zero : FloatVector.fromArray(SPECIES, c, c0);
        FloatVector s01 = first ? zero : FloatVector.fromArray(SPECIES, c, c0 + LANES);
        FloatVector s10 = first ? zero : FloatVector.fromArray(SPECIES, c, c1);
        FloatVector s11 = first ? zero : FloatVector.fromArray(SPECIES, c, c1 + LANES);
        FloatVector s20 = first ? zero : FloatVector.fromArray(SPECIES, c, c2);
        FloatVector s21 = first ? zero : FloatVector.fromArray(SPECIES, c, c2 + LANES);
        FloatVector s30 = first ? zero : FloatVector.fromArray(SPECIES, c, c3);
        FloatVector s31 = first ? zero : FloatVector.fromArray(SPECIES, c, c3 + LANES);
        int row = b0;
        for (int r = from; r < to; r++) {
            int a0 = rows[r] + x0;
            int a1 = rows[r] + x1;
            int a2 = rows[r] + x2;
            int a3 = rows[r] + x3;
            for (int p = 0; p < length; p++) {
                FloatVector y0 = FloatVector.fromArray(SPECIES, b, row + p * COLUMNS);
                FloatVector y1 = FloatVector.fromArray(SPECIES, b, row + p * COLUMNS + LANES);
                FloatVector v0 = FloatVector.broadcast(SPECIES, x[a0 + p]);
                FloatVector v1 = FloatVector.broadcast(SPECIES, x[a1 + p]);
                FloatVector v2 = FloatVector.broadcast(SPECIES, x[a2 + p]);
                FloatVector v3 = FloatVector.broadcast(SPECIES, x[a3 + p]);
                s00 = v0.fma(y0, s00);
                s01 = v0.fma(y1, s01);
                s10 = v1.fma(y0, s10);
                s11 = v1.fma(y1, s11);
                s20 = v2.fma(y0, s20);
                s21 = v2.fma(y1, s21);
                s30 = v3.fma(y0, s30);
                s31 = v3.fma(y1, s31);
            }
            row += length * COLUMNS;
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + LANES);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + LANES);
        s20.intoArray(c, c2);
        s21.intoArray(c, c2 + LANES);
        s30.intoArray(c, c3);
        s31.intoArray(c, c3 + LANES);
    }
}
