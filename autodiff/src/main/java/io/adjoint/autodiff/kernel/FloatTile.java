package io.adjoint.autodiff.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loops of the SIMD matrix product: a tile of the result stays in registers while {@code p} runs over the
 * depth. The build derives the float64 twin from this source.
 *
 * <p>C2 schedules all loads of an iteration before its arithmetic, so sums and operands of one iteration have to fit
 * the sixteen registers of AVX2 together: 8 + 2 + 4 here. Helper methods are not reliably inlined, hence the straight
 * lines. An index that grows by a constant in {@code p} lets C2 move the range checks out of the loop.
 */
final class FloatTile {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    /** The class of all vectors here. */
    private static final Class<? extends FloatVector> TYPE = VectorTypes.F32;

    static final int LANES = SPECIES.length();
    static final int ROWS = 4;
    static final int COLUMNS = 2 * LANES;

    /** Columns of a panel of the right matrix where all columns of a product fit into one vector: packing goes by four of them. */
    static final int NARROW = Math.max(LANES, 4);

    /** Rows of a tile of no more columns than one vector. */
    static final int NARROW_ROWS = 8;

    /** Rows of the tallest tile that registers hold. */
    static final int TALLEST = Registers.COUNT >= FloatTallTile.REGISTERS && COLUMNS >= FloatTallTile.ROWS
            ? FloatTallTile.ROWS : ROWS;

    /** Rows of a panel of the left matrix: whole vectors, so that columns of it are copied as such. */
    static final int LEFT = Math.max(TALLEST, LANES);

    /** Columns of a panel of the right matrix for each of one of the left. */
    static final int PER_LEFT = COLUMNS / LEFT;

    private FloatTile() {}

    /** The same vector, of a class that C2 knows before it is stored: see {@link VectorTypes}. */
    static FloatVector exact(FloatVector x) {
        return TYPE.cast(x);
    }

    /**
     * Adds {@code a * b} to a tile of c, up to four rows and {@link #COLUMNS} columns: {@code a} and {@code b} are panels,
     * {@link #LEFT} and {@link #COLUMNS} wide. With fewer rows, the last one is computed and stored again.
     *
     * <p>Rows of c are addressed where they are needed and from the first one: with an index for each that lives through the loop,
     * C2 runs out of registers for them in it.
     *
     * <p>One index serves both panels: with one for each, C2 computes the second one anew for each load. That shows little where a
     * core's slots are free, and costs a fifth of the time where another thread shares them.
     *
     * <p>The sums always begin at what {@code s} holds, c itself or zeros with a stride of 0: once C2 has seen both branches of a
     * choice between loads and zeros, it keeps the sums in memory for a while.
     */
    static void multiply(
            float[] a, int a0, float[] b, int b0, int depth, int rows, float[] s, int s0, int sStride, float[] c,
            int c0, int cStride) {
        FloatVector s00 = FloatVector.fromArray(SPECIES, s, s0);
        FloatVector s01 = FloatVector.fromArray(SPECIES, s, s0 + LANES);
        FloatVector s10 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(1, rows - 1) * sStride);
        FloatVector s11 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(1, rows - 1) * sStride + LANES);
        FloatVector s20 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(2, rows - 1) * sStride);
        FloatVector s21 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(2, rows - 1) * sStride + LANES);
        FloatVector s30 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(3, rows - 1) * sStride);
        FloatVector s31 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(3, rows - 1) * sStride + LANES);
        int b1 = b0 - a0 * PER_LEFT;
        for (int i = a0; i < a0 + depth * LEFT; i += LEFT) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, b1 + i * PER_LEFT);
            FloatVector y1 = FloatVector.fromArray(SPECIES, b, b1 + i * PER_LEFT + LANES);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[i]);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[i + 1]);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a[i + 2]);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a[i + 3]);
            s00 = x0.fma(y0, s00);
            s01 = x0.fma(y1, s01);
            s10 = x1.fma(y0, s10);
            s11 = x1.fma(y1, s11);
            s20 = x2.fma(y0, s20);
            s21 = x2.fma(y1, s21);
            s30 = x3.fma(y0, s30);
            s31 = x3.fma(y1, s31);
        }
        exact(s00).intoArray(c, c0);
        exact(s01).intoArray(c, c0 + LANES);
        exact(s10).intoArray(c, c0 + Math.min(1, rows - 1) * cStride);
        exact(s11).intoArray(c, c0 + Math.min(1, rows - 1) * cStride + LANES);
        exact(s20).intoArray(c, c0 + Math.min(2, rows - 1) * cStride);
        exact(s21).intoArray(c, c0 + Math.min(2, rows - 1) * cStride + LANES);
        exact(s30).intoArray(c, c0 + Math.min(3, rows - 1) * cStride);
        exact(s31).intoArray(c, c0 + Math.min(3, rows - 1) * cStride + LANES);
    }

    /** The same with rows of {@code a} where they lie, {@code aStride} apart, beginning at zero if {@code first}: this loop keeps its sums in registers. */
    static void multiplyRows(
            int depth,
            int rows,
            float[] a,
            int a0,
            int aStride,
            float[] b,
            int b0,
            float[] c,
            int c0,
            int cStride,
            boolean first) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector s00 = zero;
        FloatVector s01 = zero;
        FloatVector s10 = zero;
        FloatVector s11 = zero;
        FloatVector s20 = zero;
        FloatVector s21 = zero;
        FloatVector s30 = zero;
        FloatVector s31 = zero;
        if (!first) {
            s00 = FloatVector.fromArray(SPECIES, c, c0);
            s01 = FloatVector.fromArray(SPECIES, c, c0 + LANES);
            s10 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(1, rows - 1) * cStride);
            s11 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(1, rows - 1) * cStride + LANES);
            s20 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(2, rows - 1) * cStride);
            s21 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(2, rows - 1) * cStride + LANES);
            s30 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(3, rows - 1) * cStride);
            s31 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(3, rows - 1) * cStride + LANES);
        }
        for (int p = 0; p < depth; p++) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, b0 + p * COLUMNS);
            FloatVector y1 = FloatVector.fromArray(SPECIES, b, b0 + p * COLUMNS + LANES);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[a0 + p]);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[a0 + p + Math.min(1, rows - 1) * aStride]);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a[a0 + p + Math.min(2, rows - 1) * aStride]);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a[a0 + p + Math.min(3, rows - 1) * aStride]);
            s00 = x0.fma(y0, s00);
            s01 = x0.fma(y1, s01);
            s10 = x1.fma(y0, s10);
            s11 = x1.fma(y1, s11);
            s20 = x2.fma(y0, s20);
            s21 = x2.fma(y1, s21);
            s30 = x3.fma(y0, s30);
            s31 = x3.fma(y1, s31);
        }
        exact(s00).intoArray(c, c0);
        exact(s01).intoArray(c, c0 + LANES);
        exact(s10).intoArray(c, c0 + Math.min(1, rows - 1) * cStride);
        exact(s11).intoArray(c, c0 + Math.min(1, rows - 1) * cStride + LANES);
        exact(s20).intoArray(c, c0 + Math.min(2, rows - 1) * cStride);
        exact(s21).intoArray(c, c0 + Math.min(2, rows - 1) * cStride + LANES);
        exact(s30).intoArray(c, c0 + Math.min(3, rows - 1) * cStride);
        exact(s31).intoArray(c, c0 + Math.min(3, rows - 1) * cStride + LANES);
    }

    /**
     * A tile of one vector and up to {@link #NARROW_ROWS} rows, into the first ones of {@code c}, {@link #COLUMNS} wide, from a panel
     * that is {@code width} wide. Twice as many chains of sums as a wide tile would have in use hide the latency of addition.
     */
    static void multiplyNarrow(
            float[] a,
            int a0,
            int aStride,
            float[] b,
            int b0,
            int width,
            int depth,
            int rows,
            float[] s,
            int sStride,
            float[] c) {
        int a1 = a0 + Math.min(1, rows - 1) * aStride;
        int a2 = a0 + Math.min(2, rows - 1) * aStride;
        int a3 = a0 + Math.min(3, rows - 1) * aStride;
        int a4 = a0 + Math.min(4, rows - 1) * aStride;
        int a5 = a0 + Math.min(5, rows - 1) * aStride;
        int a6 = a0 + Math.min(6, rows - 1) * aStride;
        int a7 = a0 + Math.min(7, rows - 1) * aStride;
        FloatVector s0 = FloatVector.fromArray(SPECIES, s, 0);
        FloatVector s1 = FloatVector.fromArray(SPECIES, s, sStride);
        FloatVector s2 = FloatVector.fromArray(SPECIES, s, 2 * sStride);
        FloatVector s3 = FloatVector.fromArray(SPECIES, s, 3 * sStride);
        FloatVector s4 = FloatVector.fromArray(SPECIES, s, 4 * sStride);
        FloatVector s5 = FloatVector.fromArray(SPECIES, s, 5 * sStride);
        FloatVector s6 = FloatVector.fromArray(SPECIES, s, 6 * sStride);
        FloatVector s7 = FloatVector.fromArray(SPECIES, s, 7 * sStride);
        for (int p = 0; p < depth; p++) {
            FloatVector y = FloatVector.fromArray(SPECIES, b, b0 + p * width);
            s0 = FloatVector.broadcast(SPECIES, a[a0 + p]).fma(y, s0);
            s1 = FloatVector.broadcast(SPECIES, a[a1 + p]).fma(y, s1);
            s2 = FloatVector.broadcast(SPECIES, a[a2 + p]).fma(y, s2);
            s3 = FloatVector.broadcast(SPECIES, a[a3 + p]).fma(y, s3);
            s4 = FloatVector.broadcast(SPECIES, a[a4 + p]).fma(y, s4);
            s5 = FloatVector.broadcast(SPECIES, a[a5 + p]).fma(y, s5);
            s6 = FloatVector.broadcast(SPECIES, a[a6 + p]).fma(y, s6);
            s7 = FloatVector.broadcast(SPECIES, a[a7 + p]).fma(y, s7);
        }
        exact(s0).intoArray(c, 0);
        exact(s1).intoArray(c, COLUMNS);
        exact(s2).intoArray(c, 2 * COLUMNS);
        exact(s3).intoArray(c, 3 * COLUMNS);
        exact(s4).intoArray(c, 4 * COLUMNS);
        exact(s5).intoArray(c, 5 * COLUMNS);
        exact(s6).intoArray(c, 6 * COLUMNS);
        exact(s7).intoArray(c, 7 * COLUMNS);
    }
}
