package io.adjoint.autodiff.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loops of large products with AVX-512: sums of eight rows and three vectors, so that eleven operands are loaded for
 * twenty-four multiplications where a {@link FloatTallTile} loads ten for sixteen. C2 keeps the sums in registers there, though with all operands of an
 * iteration they would be more than thirty-two. The build derives the float64 twin from this source.
 */
final class FloatWideTile {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /** See {@link FloatTallTile}. */
    private static final Class<? extends FloatVector> TYPE = VectorTypes.F32;

    static final int ROWS = 8;

    static final int COLUMNS = 3 * LANES;

    /** Columns of a panel for each of one of the left matrix. */
    private static final int PER_LEFT = COLUMNS / FloatTile.LEFT;

    private FloatWideTile() {}

    /** Whether there are registers for this tile, and so many rows leave little of it empty. */
    static boolean serves(int rows) {
        return Registers.ARE_LONG && Math.ceilDiv(rows, ROWS) * ROWS <= rows + rows / 16;
    }

    /**
     * How many of the columns of a product lie in panels for this tile, the last of which may lack some; what remains is two panels of two vectors at most.
     */
    static int columns(int rows, int columns) {
        if (!serves(rows)) {
            return 0;
        }
        int rest = columns % COLUMNS;
        int whole = columns - rest;
        if (rest > 2 * LANES) {
            return columns;
        }
        // one vector would cost as much as two, and with those of a panel there are two pairs
        return rest > 0 && rest <= LANES ? Math.max(0, whole - COLUMNS) : whole;
    }

    /** See {@link FloatTile#multiply}; up to eight rows, and a panel of {@link #COLUMNS}. */
    static void multiply(
            float[] a, int a0, float[] b, int b0, int depth, int rows, float[] s, int s0, int sStride, float[] c,
            int c0, int cStride) {
        FloatVector s00 = FloatVector.fromArray(SPECIES, s, s0);
        FloatVector s01 = FloatVector.fromArray(SPECIES, s, s0 + LANES);
        FloatVector s02 = FloatVector.fromArray(SPECIES, s, s0 + 2 * LANES);
        FloatVector s10 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(1, rows - 1) * sStride);
        FloatVector s11 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(1, rows - 1) * sStride + LANES);
        FloatVector s12 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(1, rows - 1) * sStride + 2 * LANES);
        FloatVector s20 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(2, rows - 1) * sStride);
        FloatVector s21 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(2, rows - 1) * sStride + LANES);
        FloatVector s22 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(2, rows - 1) * sStride + 2 * LANES);
        FloatVector s30 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(3, rows - 1) * sStride);
        FloatVector s31 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(3, rows - 1) * sStride + LANES);
        FloatVector s32 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(3, rows - 1) * sStride + 2 * LANES);
        FloatVector s40 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(4, rows - 1) * sStride);
        FloatVector s41 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(4, rows - 1) * sStride + LANES);
        FloatVector s42 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(4, rows - 1) * sStride + 2 * LANES);
        FloatVector s50 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(5, rows - 1) * sStride);
        FloatVector s51 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(5, rows - 1) * sStride + LANES);
        FloatVector s52 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(5, rows - 1) * sStride + 2 * LANES);
        FloatVector s60 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(6, rows - 1) * sStride);
        FloatVector s61 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(6, rows - 1) * sStride + LANES);
        FloatVector s62 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(6, rows - 1) * sStride + 2 * LANES);
        FloatVector s70 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(7, rows - 1) * sStride);
        FloatVector s71 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(7, rows - 1) * sStride + LANES);
        FloatVector s72 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(7, rows - 1) * sStride + 2 * LANES);
        int b1 = b0 - a0 * PER_LEFT;
        for (int i = a0; i < a0 + depth * FloatTile.LEFT; i += FloatTile.LEFT) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, b1 + i * PER_LEFT);
            FloatVector y1 = FloatVector.fromArray(SPECIES, b, b1 + i * PER_LEFT + LANES);
            FloatVector y2 = FloatVector.fromArray(SPECIES, b, b1 + i * PER_LEFT + 2 * LANES);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[i]);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[i + 1]);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a[i + 2]);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a[i + 3]);
            FloatVector x4 = FloatVector.broadcast(SPECIES, a[i + 4]);
            FloatVector x5 = FloatVector.broadcast(SPECIES, a[i + 5]);
            FloatVector x6 = FloatVector.broadcast(SPECIES, a[i + 6]);
            FloatVector x7 = FloatVector.broadcast(SPECIES, a[i + 7]);
            s00 = x0.fma(y0, s00);
            s01 = x0.fma(y1, s01);
            s02 = x0.fma(y2, s02);
            s10 = x1.fma(y0, s10);
            s11 = x1.fma(y1, s11);
            s12 = x1.fma(y2, s12);
            s20 = x2.fma(y0, s20);
            s21 = x2.fma(y1, s21);
            s22 = x2.fma(y2, s22);
            s30 = x3.fma(y0, s30);
            s31 = x3.fma(y1, s31);
            s32 = x3.fma(y2, s32);
            s40 = x4.fma(y0, s40);
            s41 = x4.fma(y1, s41);
            s42 = x4.fma(y2, s42);
            s50 = x5.fma(y0, s50);
            s51 = x5.fma(y1, s51);
            s52 = x5.fma(y2, s52);
            s60 = x6.fma(y0, s60);
            s61 = x6.fma(y1, s61);
            s62 = x6.fma(y2, s62);
            s70 = x7.fma(y0, s70);
            s71 = x7.fma(y1, s71);
            s72 = x7.fma(y2, s72);
        }
        TYPE.cast(s00).intoArray(c, c0);
        TYPE.cast(s01).intoArray(c, c0 + LANES);
        TYPE.cast(s02).intoArray(c, c0 + 2 * LANES);
        TYPE.cast(s10).intoArray(c, c0 + Math.min(1, rows - 1) * cStride);
        TYPE.cast(s11).intoArray(c, c0 + Math.min(1, rows - 1) * cStride + LANES);
        TYPE.cast(s12).intoArray(c, c0 + Math.min(1, rows - 1) * cStride + 2 * LANES);
        TYPE.cast(s20).intoArray(c, c0 + Math.min(2, rows - 1) * cStride);
        TYPE.cast(s21).intoArray(c, c0 + Math.min(2, rows - 1) * cStride + LANES);
        TYPE.cast(s22).intoArray(c, c0 + Math.min(2, rows - 1) * cStride + 2 * LANES);
        TYPE.cast(s30).intoArray(c, c0 + Math.min(3, rows - 1) * cStride);
        TYPE.cast(s31).intoArray(c, c0 + Math.min(3, rows - 1) * cStride + LANES);
        TYPE.cast(s32).intoArray(c, c0 + Math.min(3, rows - 1) * cStride + 2 * LANES);
        TYPE.cast(s40).intoArray(c, c0 + Math.min(4, rows - 1) * cStride);
        TYPE.cast(s41).intoArray(c, c0 + Math.min(4, rows - 1) * cStride + LANES);
        TYPE.cast(s42).intoArray(c, c0 + Math.min(4, rows - 1) * cStride + 2 * LANES);
        TYPE.cast(s50).intoArray(c, c0 + Math.min(5, rows - 1) * cStride);
        TYPE.cast(s51).intoArray(c, c0 + Math.min(5, rows - 1) * cStride + LANES);
        TYPE.cast(s52).intoArray(c, c0 + Math.min(5, rows - 1) * cStride + 2 * LANES);
        TYPE.cast(s60).intoArray(c, c0 + Math.min(6, rows - 1) * cStride);
        TYPE.cast(s61).intoArray(c, c0 + Math.min(6, rows - 1) * cStride + LANES);
        TYPE.cast(s62).intoArray(c, c0 + Math.min(6, rows - 1) * cStride + 2 * LANES);
        TYPE.cast(s70).intoArray(c, c0 + Math.min(7, rows - 1) * cStride);
        TYPE.cast(s71).intoArray(c, c0 + Math.min(7, rows - 1) * cStride + LANES);
        TYPE.cast(s72).intoArray(c, c0 + Math.min(7, rows - 1) * cStride + 2 * LANES);
    }

    /** See {@link FloatTile#multiplyRows}; up to eight rows, and a panel of {@link #COLUMNS}. */
    static void multiplyRows(int depth, int rows, float[] a, int a0, int aStride, float[] b, int b0, float[] c, int c0,
            int cStride, boolean first) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector s00 = zero;
        FloatVector s01 = zero;
        FloatVector s02 = zero;
        FloatVector s10 = zero;
        FloatVector s11 = zero;
        FloatVector s12 = zero;
        FloatVector s20 = zero;
        FloatVector s21 = zero;
        FloatVector s22 = zero;
        FloatVector s30 = zero;
        FloatVector s31 = zero;
        FloatVector s32 = zero;
        FloatVector s40 = zero;
        FloatVector s41 = zero;
        FloatVector s42 = zero;
        FloatVector s50 = zero;
        FloatVector s51 = zero;
        FloatVector s52 = zero;
        FloatVector s60 = zero;
        FloatVector s61 = zero;
        FloatVector s62 = zero;
        FloatVector s70 = zero;
        FloatVector s71 = zero;
        FloatVector s72 = zero;
        if (!first) {
            s00 = FloatVector.fromArray(SPECIES, c, c0);
            s01 = FloatVector.fromArray(SPECIES, c, c0 + LANES);
            s02 = FloatVector.fromArray(SPECIES, c, c0 + 2 * LANES);
            s10 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(1, rows - 1) * cStride);
            s11 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(1, rows - 1) * cStride + LANES);
            s12 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(1, rows - 1) * cStride + 2 * LANES);
            s20 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(2, rows - 1) * cStride);
            s21 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(2, rows - 1) * cStride + LANES);
            s22 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(2, rows - 1) * cStride + 2 * LANES);
            s30 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(3, rows - 1) * cStride);
            s31 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(3, rows - 1) * cStride + LANES);
            s32 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(3, rows - 1) * cStride + 2 * LANES);
            s40 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(4, rows - 1) * cStride);
            s41 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(4, rows - 1) * cStride + LANES);
            s42 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(4, rows - 1) * cStride + 2 * LANES);
            s50 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(5, rows - 1) * cStride);
            s51 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(5, rows - 1) * cStride + LANES);
            s52 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(5, rows - 1) * cStride + 2 * LANES);
            s60 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(6, rows - 1) * cStride);
            s61 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(6, rows - 1) * cStride + LANES);
            s62 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(6, rows - 1) * cStride + 2 * LANES);
            s70 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(7, rows - 1) * cStride);
            s71 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(7, rows - 1) * cStride + LANES);
            s72 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(7, rows - 1) * cStride + 2 * LANES);
        }
        for (int p = 0; p < depth; p++) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, b0 + p * COLUMNS);
            FloatVector y1 = FloatVector.fromArray(SPECIES, b, b0 + p * COLUMNS + LANES);
            FloatVector y2 = FloatVector.fromArray(SPECIES, b, b0 + p * COLUMNS + 2 * LANES);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[a0 + p]);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[a0 + p + Math.min(1, rows - 1) * aStride]);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a[a0 + p + Math.min(2, rows - 1) * aStride]);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a[a0 + p + Math.min(3, rows - 1) * aStride]);
            FloatVector x4 = FloatVector.broadcast(SPECIES, a[a0 + p + Math.min(4, rows - 1) * aStride]);
            FloatVector x5 = FloatVector.broadcast(SPECIES, a[a0 + p + Math.min(5, rows - 1) * aStride]);
            FloatVector x6 = FloatVector.broadcast(SPECIES, a[a0 + p + Math.min(6, rows - 1) * aStride]);
            FloatVector x7 = FloatVector.broadcast(SPECIES, a[a0 + p + Math.min(7, rows - 1) * aStride]);
            s00 = x0.fma(y0, s00);
            s01 = x0.fma(y1, s01);
            s02 = x0.fma(y2, s02);
            s10 = x1.fma(y0, s10);
            s11 = x1.fma(y1, s11);
            s12 = x1.fma(y2, s12);
            s20 = x2.fma(y0, s20);
            s21 = x2.fma(y1, s21);
            s22 = x2.fma(y2, s22);
            s30 = x3.fma(y0, s30);
            s31 = x3.fma(y1, s31);
            s32 = x3.fma(y2, s32);
            s40 = x4.fma(y0, s40);
            s41 = x4.fma(y1, s41);
            s42 = x4.fma(y2, s42);
            s50 = x5.fma(y0, s50);
            s51 = x5.fma(y1, s51);
            s52 = x5.fma(y2, s52);
            s60 = x6.fma(y0, s60);
            s61 = x6.fma(y1, s61);
            s62 = x6.fma(y2, s62);
            s70 = x7.fma(y0, s70);
            s71 = x7.fma(y1, s71);
            s72 = x7.fma(y2, s72);
        }
        TYPE.cast(s00).intoArray(c, c0);
        TYPE.cast(s01).intoArray(c, c0 + LANES);
        TYPE.cast(s02).intoArray(c, c0 + 2 * LANES);
        TYPE.cast(s10).intoArray(c, c0 + Math.min(1, rows - 1) * cStride);
        TYPE.cast(s11).intoArray(c, c0 + Math.min(1, rows - 1) * cStride + LANES);
        TYPE.cast(s12).intoArray(c, c0 + Math.min(1, rows - 1) * cStride + 2 * LANES);
        TYPE.cast(s20).intoArray(c, c0 + Math.min(2, rows - 1) * cStride);
        TYPE.cast(s21).intoArray(c, c0 + Math.min(2, rows - 1) * cStride + LANES);
        TYPE.cast(s22).intoArray(c, c0 + Math.min(2, rows - 1) * cStride + 2 * LANES);
        TYPE.cast(s30).intoArray(c, c0 + Math.min(3, rows - 1) * cStride);
        TYPE.cast(s31).intoArray(c, c0 + Math.min(3, rows - 1) * cStride + LANES);
        TYPE.cast(s32).intoArray(c, c0 + Math.min(3, rows - 1) * cStride + 2 * LANES);
        TYPE.cast(s40).intoArray(c, c0 + Math.min(4, rows - 1) * cStride);
        TYPE.cast(s41).intoArray(c, c0 + Math.min(4, rows - 1) * cStride + LANES);
        TYPE.cast(s42).intoArray(c, c0 + Math.min(4, rows - 1) * cStride + 2 * LANES);
        TYPE.cast(s50).intoArray(c, c0 + Math.min(5, rows - 1) * cStride);
        TYPE.cast(s51).intoArray(c, c0 + Math.min(5, rows - 1) * cStride + LANES);
        TYPE.cast(s52).intoArray(c, c0 + Math.min(5, rows - 1) * cStride + 2 * LANES);
        TYPE.cast(s60).intoArray(c, c0 + Math.min(6, rows - 1) * cStride);
        TYPE.cast(s61).intoArray(c, c0 + Math.min(6, rows - 1) * cStride + LANES);
        TYPE.cast(s62).intoArray(c, c0 + Math.min(6, rows - 1) * cStride + 2 * LANES);
        TYPE.cast(s70).intoArray(c, c0 + Math.min(7, rows - 1) * cStride);
        TYPE.cast(s71).intoArray(c, c0 + Math.min(7, rows - 1) * cStride + LANES);
        TYPE.cast(s72).intoArray(c, c0 + Math.min(7, rows - 1) * cStride + 2 * LANES);
    }
}
