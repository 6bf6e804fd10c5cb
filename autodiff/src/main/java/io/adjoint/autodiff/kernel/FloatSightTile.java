package io.adjoint.autodiff.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loops of a convolution. Sums begin with what another array holds, zeros or earlier sums, since C2 makes worse code of
 * a loop that may begin with either. The build derives the float64 twin from this source.
 */
final class FloatSightTile {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    static final int LANES = SPECIES.length();

    /** Rows of a tile: sums and operands of an iteration fit sixteen registers. */
    static final int ROWS = 4;

    static final int COLUMNS = 2 * LANES;
    static final int STRIP = 4 * LANES;
    /** Filters of a panel: the rows of the tallest tile. */
    static final int FILTERS = FloatTile.TALLEST;

    /** See {@link FloatTile#multiply}. */
    static final int PER_FILTER = COLUMNS / FILTERS;

    /** Elements of a tile that has one vector of filters. */
    static final int NARROW_ROWS = 8;

    private FloatSightTile() {}

    /**
     * Adds filters times what windows see to a tile of c: up to {@link #FILTERS} filters, from a panel {@code a}, and {@link #COLUMNS}
     * windows, from a panel {@code b}. With fewer filters, the last one is stored again.
     */
    static void filters(int depth, int rows, float[] a, int a0, float[] b, int b0, float[] from, int f0, int fStride,
            float[] c, int c0, int cStride) {
        if (rows > ROWS) {
            FloatTallTile.filters(depth, rows, a, a0, b, b0, from, f0, fStride, c, c0, cStride);
        } else {
            fewFilters(depth, rows, a, a0, b, b0, from, f0, fStride, c, c0, cStride);
        }
    }

    /** Up to four filters. */
    private static void fewFilters(int depth, int rows, float[] a, int a0, float[] b, int b0, float[] from, int f0,
            int fStride,
            float[] c, int c0, int cStride) {
        int last = rows - 1;
        int f1 = f0 + Math.min(1, last) * fStride;
        int f2 = f0 + Math.min(2, last) * fStride;
        int f3 = f0 + last * fStride;
        int c1 = c0 + Math.min(1, last) * cStride;
        int c2 = c0 + Math.min(2, last) * cStride;
        int c3 = c0 + last * cStride;
        FloatVector s00 = FloatVector.fromArray(SPECIES, from, f0);
        FloatVector s01 = FloatVector.fromArray(SPECIES, from, f0 + LANES);
        FloatVector s10 = FloatVector.fromArray(SPECIES, from, f1);
        FloatVector s11 = FloatVector.fromArray(SPECIES, from, f1 + LANES);
        FloatVector s20 = FloatVector.fromArray(SPECIES, from, f2);
        FloatVector s21 = FloatVector.fromArray(SPECIES, from, f2 + LANES);
        FloatVector s30 = FloatVector.fromArray(SPECIES, from, f3);
        FloatVector s31 = FloatVector.fromArray(SPECIES, from, f3 + LANES);
        int b1 = b0 - a0 * PER_FILTER;
        for (int i = a0; i < a0 + depth * FILTERS; i += FILTERS) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, b1 + i * PER_FILTER);
            FloatVector y1 = FloatVector.fromArray(SPECIES, b, b1 + i * PER_FILTER + LANES);
            FloatVector v0 = FloatVector.broadcast(SPECIES, a[i]);
            FloatVector v1 = FloatVector.broadcast(SPECIES, a[i + 1]);
            FloatVector v2 = FloatVector.broadcast(SPECIES, a[i + 2]);
            FloatVector v3 = FloatVector.broadcast(SPECIES, a[i + 3]);
            s00 = v0.fma(y0, s00);
            s01 = v0.fma(y1, s01);
            s10 = v1.fma(y0, s10);
            s11 = v1.fma(y1, s11);
            s20 = v2.fma(y0, s20);
            s21 = v2.fma(y1, s21);
            s30 = v3.fma(y0, s30);
            s31 = v3.fma(y1, s31);
        }
        FloatTile.exact(s00).intoArray(c, c0);
        FloatTile.exact(s01).intoArray(c, c0 + LANES);
        FloatTile.exact(s10).intoArray(c, c1);
        FloatTile.exact(s11).intoArray(c, c1 + LANES);
        FloatTile.exact(s20).intoArray(c, c2);
        FloatTile.exact(s21).intoArray(c, c2 + LANES);
        FloatTile.exact(s30).intoArray(c, c3);
        FloatTile.exact(s31).intoArray(c, c3 + LANES);
    }

    /**
     * The same for windows that lie side by side in {@code x}: the first one sees an element at {@code x0} plus the element's offset,
     * from number {@code p0} on.
     */
    static void places(int depth, int rows, float[] a, int a0, float[] x, int x0, int[] offsets, int p0,
            float[] from, int f0, int fStride, float[] c, int c0, int cStride) {
        if (rows > ROWS) {
            FloatTallTile.places(depth, rows, a, a0, x, x0, offsets, p0, from, f0, fStride, c, c0, cStride);
        } else {
            fewPlaces(depth, rows, a, a0, x, x0, offsets, p0, from, f0, fStride, c, c0, cStride);
        }
    }

    /** Up to four filters. */
    private static void fewPlaces(int depth, int rows, float[] a, int a0, float[] x, int x0, int[] offsets, int p0,
            float[] from, int f0, int fStride, float[] c, int c0, int cStride) {
        FloatVector s00 = FloatVector.fromArray(SPECIES, from, f0);
        FloatVector s01 = FloatVector.fromArray(SPECIES, from, f0 + LANES);
        FloatVector s10 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(1, rows - 1) * fStride);
        FloatVector s11 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(1, rows - 1) * fStride + LANES);
        FloatVector s20 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(2, rows - 1) * fStride);
        FloatVector s21 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(2, rows - 1) * fStride + LANES);
        FloatVector s30 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(3, rows - 1) * fStride);
        FloatVector s31 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(3, rows - 1) * fStride + LANES);
        for (int p = 0; p < depth; p++) {
            int at = x0 + offsets[p0 + p];
            int i = a0 + p * FILTERS;
            FloatVector y0 = FloatVector.fromArray(SPECIES, x, at);
            FloatVector y1 = FloatVector.fromArray(SPECIES, x, at + LANES);
            FloatVector v0 = FloatVector.broadcast(SPECIES, a[i]);
            FloatVector v1 = FloatVector.broadcast(SPECIES, a[i + 1]);
            FloatVector v2 = FloatVector.broadcast(SPECIES, a[i + 2]);
            FloatVector v3 = FloatVector.broadcast(SPECIES, a[i + 3]);
            s00 = v0.fma(y0, s00);
            s01 = v0.fma(y1, s01);
            s10 = v1.fma(y0, s10);
            s11 = v1.fma(y1, s11);
            s20 = v2.fma(y0, s20);
            s21 = v2.fma(y1, s21);
            s30 = v3.fma(y0, s30);
            s31 = v3.fma(y1, s31);
        }
        FloatTile.exact(s00).intoArray(c, c0);
        FloatTile.exact(s01).intoArray(c, c0 + LANES);
        FloatTile.exact(s10).intoArray(c, c0 + Math.min(1, rows - 1) * cStride);
        FloatTile.exact(s11).intoArray(c, c0 + Math.min(1, rows - 1) * cStride + LANES);
        FloatTile.exact(s20).intoArray(c, c0 + Math.min(2, rows - 1) * cStride);
        FloatTile.exact(s21).intoArray(c, c0 + Math.min(2, rows - 1) * cStride + LANES);
        FloatTile.exact(s30).intoArray(c, c0 + Math.min(3, rows - 1) * cStride);
        FloatTile.exact(s31).intoArray(c, c0 + Math.min(3, rows - 1) * cStride + LANES);
    }

    /** One filter whose weights lie {@link #FILTERS} apart, and {@link #STRIP} windows side by side. */
    static void filter(int depth, float[] a, int a0, float[] x, int x0, int[] offsets, int p0, float[] from, int f0,
            float[] c, int c0) {
        FloatVector s0 = FloatVector.fromArray(SPECIES, from, f0);
        FloatVector s1 = FloatVector.fromArray(SPECIES, from, f0 + LANES);
        FloatVector s2 = FloatVector.fromArray(SPECIES, from, f0 + 2 * LANES);
        FloatVector s3 = FloatVector.fromArray(SPECIES, from, f0 + 3 * LANES);
        for (int p = 0; p < depth; p++) {
            int at = x0 + offsets[p0 + p];
            FloatVector w = FloatVector.broadcast(SPECIES, a[a0 + p * FILTERS]);
            s0 = w.fma(FloatVector.fromArray(SPECIES, x, at), s0);
            s1 = w.fma(FloatVector.fromArray(SPECIES, x, at + LANES), s1);
            s2 = w.fma(FloatVector.fromArray(SPECIES, x, at + 2 * LANES), s2);
            s3 = w.fma(FloatVector.fromArray(SPECIES, x, at + 3 * LANES), s3);
        }
        FloatTile.exact(s0).intoArray(c, c0);
        FloatTile.exact(s1).intoArray(c, c0 + LANES);
        FloatTile.exact(s2).intoArray(c, c0 + 2 * LANES);
        FloatTile.exact(s3).intoArray(c, c0 + 3 * LANES);
    }

    /**
     * Adds, to a tile of c, what elements of windows saw times what the windows give: up to {@link #FILTERS} elements, the place of
     * each relative to that of its window from {@code begins[t]} on, and {@link #COLUMNS} filters, from a panel {@code b}. With fewer
     * elements, the last one is stored again.
     *
     * @param a the padded image, in which the windows begin at {@code a0} plus their {@code places}
     */
    static void elements(int windows, int rows, float[] a, int a0, int[] begins, int t, int[] places, float[] b, int b0,
            float[] from, int f0, int fStride, float[] c, int c0, int cStride) {
        if (rows > ROWS) {
            FloatTallTile.elements(windows, rows, a, a0, begins, t, places, b, b0, from, f0, fStride, c, c0, cStride);
        } else {
            fewElements(windows, rows, a, a0, begins, t, places, b, b0, from, f0, fStride, c, c0, cStride);
        }
    }

    /** The same for up to {@link #NARROW_ROWS} elements and a vector of filters, from a panel of as many. */
    static void narrowElements(int windows, int rows, float[] a, int a0, int[] begins, int t, int[] places, float[] b,
            int b0, float[] from, int f0, int fStride, float[] c, int c0, int cStride) {
        int a1 = a0 + begins[t];
        int a2 = a0 + begins[t + Math.min(1, rows - 1)];
        int a3 = a0 + begins[t + Math.min(2, rows - 1)];
        int a4 = a0 + begins[t + Math.min(3, rows - 1)];
        int a5 = a0 + begins[t + Math.min(4, rows - 1)];
        int a6 = a0 + begins[t + Math.min(5, rows - 1)];
        int a7 = a0 + begins[t + Math.min(6, rows - 1)];
        int a8 = a0 + begins[t + Math.min(7, rows - 1)];
        FloatVector s0 = FloatVector.fromArray(SPECIES, from, f0);
        FloatVector s1 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(1, rows - 1) * fStride);
        FloatVector s2 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(2, rows - 1) * fStride);
        FloatVector s3 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(3, rows - 1) * fStride);
        FloatVector s4 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(4, rows - 1) * fStride);
        FloatVector s5 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(5, rows - 1) * fStride);
        FloatVector s6 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(6, rows - 1) * fStride);
        FloatVector s7 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(7, rows - 1) * fStride);
        for (int p = 0; p < windows; p++) {
            int at = places[p];
            FloatVector y = FloatVector.fromArray(SPECIES, b, b0 + p * LANES);
            s0 = FloatVector.broadcast(SPECIES, a[a1 + at]).fma(y, s0);
            s1 = FloatVector.broadcast(SPECIES, a[a2 + at]).fma(y, s1);
            s2 = FloatVector.broadcast(SPECIES, a[a3 + at]).fma(y, s2);
            s3 = FloatVector.broadcast(SPECIES, a[a4 + at]).fma(y, s3);
            s4 = FloatVector.broadcast(SPECIES, a[a5 + at]).fma(y, s4);
            s5 = FloatVector.broadcast(SPECIES, a[a6 + at]).fma(y, s5);
            s6 = FloatVector.broadcast(SPECIES, a[a7 + at]).fma(y, s6);
            s7 = FloatVector.broadcast(SPECIES, a[a8 + at]).fma(y, s7);
        }
        FloatTile.exact(s0).intoArray(c, c0);
        FloatTile.exact(s1).intoArray(c, c0 + Math.min(1, rows - 1) * cStride);
        FloatTile.exact(s2).intoArray(c, c0 + Math.min(2, rows - 1) * cStride);
        FloatTile.exact(s3).intoArray(c, c0 + Math.min(3, rows - 1) * cStride);
        FloatTile.exact(s4).intoArray(c, c0 + Math.min(4, rows - 1) * cStride);
        FloatTile.exact(s5).intoArray(c, c0 + Math.min(5, rows - 1) * cStride);
        FloatTile.exact(s6).intoArray(c, c0 + Math.min(6, rows - 1) * cStride);
        FloatTile.exact(s7).intoArray(c, c0 + Math.min(7, rows - 1) * cStride);
    }

    /** Up to four elements. */
    private static void fewElements(int windows, int rows, float[] a, int a0, int[] begins, int t, int[] places,
            float[] b, int b0,
            float[] from,
            int f0, int fStride, float[] c, int c0, int cStride) {
        int a1 = a0 + begins[t];
        int a2 = a0 + begins[t + Math.min(1, rows - 1)];
        int a3 = a0 + begins[t + Math.min(2, rows - 1)];
        int a4 = a0 + begins[t + Math.min(3, rows - 1)];
        FloatVector s00 = FloatVector.fromArray(SPECIES, from, f0);
        FloatVector s01 = FloatVector.fromArray(SPECIES, from, f0 + LANES);
        FloatVector s10 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(1, rows - 1) * fStride);
        FloatVector s11 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(1, rows - 1) * fStride + LANES);
        FloatVector s20 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(2, rows - 1) * fStride);
        FloatVector s21 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(2, rows - 1) * fStride + LANES);
        FloatVector s30 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(3, rows - 1) * fStride);
        FloatVector s31 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(3, rows - 1) * fStride + LANES);
        for (int p = 0; p < windows; p++) {
            int at = places[p];
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, b0 + p * COLUMNS);
            FloatVector y1 = FloatVector.fromArray(SPECIES, b, b0 + p * COLUMNS + LANES);
            FloatVector v0 = FloatVector.broadcast(SPECIES, a[a1 + at]);
            FloatVector v1 = FloatVector.broadcast(SPECIES, a[a2 + at]);
            FloatVector v2 = FloatVector.broadcast(SPECIES, a[a3 + at]);
            FloatVector v3 = FloatVector.broadcast(SPECIES, a[a4 + at]);
            s00 = v0.fma(y0, s00);
            s01 = v0.fma(y1, s01);
            s10 = v1.fma(y0, s10);
            s11 = v1.fma(y1, s11);
            s20 = v2.fma(y0, s20);
            s21 = v2.fma(y1, s21);
            s30 = v3.fma(y0, s30);
            s31 = v3.fma(y1, s31);
        }
        FloatTile.exact(s00).intoArray(c, c0);
        FloatTile.exact(s01).intoArray(c, c0 + LANES);
        FloatTile.exact(s10).intoArray(c, c0 + Math.min(1, rows - 1) * cStride);
        FloatTile.exact(s11).intoArray(c, c0 + Math.min(1, rows - 1) * cStride + LANES);
        FloatTile.exact(s20).intoArray(c, c0 + Math.min(2, rows - 1) * cStride);
        FloatTile.exact(s21).intoArray(c, c0 + Math.min(2, rows - 1) * cStride + LANES);
        FloatTile.exact(s30).intoArray(c, c0 + Math.min(3, rows - 1) * cStride);
        FloatTile.exact(s31).intoArray(c, c0 + Math.min(3, rows - 1) * cStride + LANES);
    }
}
