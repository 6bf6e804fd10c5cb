package io.adjoint.autodiff.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loop of products with AVX-512 whose left matrix is read where it lies: sums of six rows and four vectors. Each row that is read takes an index
 * besides a load, for which fewer rows leave registers and slots: ten operands are loaded for twenty-four multiplications. The
 * build derives the float64 twin from this source.
 */
final class FloatBroadTile {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /** See {@link FloatTallTile}. */
    private static final Class<? extends FloatVector> TYPE = VectorTypes.F32;

    static final int ROWS = 6;

    static final int COLUMNS = 4 * LANES;

    private FloatBroadTile() {}

    /** See {@link FloatWideTile#serves}. */
    static boolean serves(int rows) {
        return Registers.ARE_LONG && Math.ceilDiv(rows, ROWS) * ROWS <= rows + rows / 16;
    }

    /** See {@link FloatTile#multiplyRows}; up to six rows, and a panel of {@link #COLUMNS}. */
    static void multiplyRows(int depth, int rows, float[] a, int a0, int aStride, float[] b, int b0, float[] c, int c0,
            int cStride, boolean first) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector s00 = zero;
        FloatVector s01 = zero;
        FloatVector s02 = zero;
        FloatVector s03 = zero;
        FloatVector s10 = zero;
        FloatVector s11 = zero;
        FloatVector s12 = zero;
        FloatVector s13 = zero;
        FloatVector s20 = zero;
        FloatVector s21 = zero;
        FloatVector s22 = zero;
        FloatVector s23 = zero;
        FloatVector s30 = zero;
        FloatVector s31 = zero;
        FloatVector s32 = zero;
        FloatVector s33 = zero;
        FloatVector s40 = zero;
        FloatVector s41 = zero;
        FloatVector s42 = zero;
        FloatVector s43 = zero;
        FloatVector s50 = zero;
        FloatVector s51 = zero;
        FloatVector s52 = zero;
        FloatVector s53 = zero;
        if (!first) {
            s00 = FloatVector.fromArray(SPECIES, c, c0);
            s01 = FloatVector.fromArray(SPECIES, c, c0 + LANES);
            s02 = FloatVector.fromArray(SPECIES, c, c0 + 2 * LANES);
            s03 = FloatVector.fromArray(SPECIES, c, c0 + 3 * LANES);
            s10 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(1, rows - 1) * cStride);
            s11 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(1, rows - 1) * cStride + LANES);
            s12 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(1, rows - 1) * cStride + 2 * LANES);
            s13 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(1, rows - 1) * cStride + 3 * LANES);
            s20 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(2, rows - 1) * cStride);
            s21 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(2, rows - 1) * cStride + LANES);
            s22 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(2, rows - 1) * cStride + 2 * LANES);
            s23 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(2, rows - 1) * cStride + 3 * LANES);
            s30 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(3, rows - 1) * cStride);
            s31 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(3, rows - 1) * cStride + LANES);
            s32 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(3, rows - 1) * cStride + 2 * LANES);
            s33 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(3, rows - 1) * cStride + 3 * LANES);
            s40 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(4, rows - 1) * cStride);
            s41 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(4, rows - 1) * cStride + LANES);
            s42 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(4, rows - 1) * cStride + 2 * LANES);
            s43 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(4, rows - 1) * cStride + 3 * LANES);
            s50 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(5, rows - 1) * cStride);
            s51 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(5, rows - 1) * cStride + LANES);
            s52 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(5, rows - 1) * cStride + 2 * LANES);
            s53 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(5, rows - 1) * cStride + 3 * LANES);
        }
        for (int p = 0; p < depth; p++) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, b0 + p * COLUMNS);
            FloatVector y1 = FloatVector.fromArray(SPECIES, b, b0 + p * COLUMNS + LANES);
            FloatVector y2 = FloatVector.fromArray(SPECIES, b, b0 + p * COLUMNS + 2 * LANES);
            FloatVector y3 = FloatVector.fromArray(SPECIES, b, b0 + p * COLUMNS + 3 * LANES);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[a0 + p]);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[a0 + p + Math.min(1, rows - 1) * aStride]);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a[a0 + p + Math.min(2, rows - 1) * aStride]);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a[a0 + p + Math.min(3, rows - 1) * aStride]);
            FloatVector x4 = FloatVector.broadcast(SPECIES, a[a0 + p + Math.min(4, rows - 1) * aStride]);
            FloatVector x5 = FloatVector.broadcast(SPECIES, a[a0 + p + Math.min(5, rows - 1) * aStride]);
            s00 = x0.fma(y0, s00);
            s01 = x0.fma(y1, s01);
            s02 = x0.fma(y2, s02);
            s03 = x0.fma(y3, s03);
            s10 = x1.fma(y0, s10);
            s11 = x1.fma(y1, s11);
            s12 = x1.fma(y2, s12);
            s13 = x1.fma(y3, s13);
            s20 = x2.fma(y0, s20);
            s21 = x2.fma(y1, s21);
            s22 = x2.fma(y2, s22);
            s23 = x2.fma(y3, s23);
            s30 = x3.fma(y0, s30);
            s31 = x3.fma(y1, s31);
            s32 = x3.fma(y2, s32);
            s33 = x3.fma(y3, s33);
            s40 = x4.fma(y0, s40);
            s41 = x4.fma(y1, s41);
            s42 = x4.fma(y2, s42);
            s43 = x4.fma(y3, s43);
            s50 = x5.fma(y0, s50);
            s51 = x5.fma(y1, s51);
            s52 = x5.fma(y2, s52);
            s53 = x5.fma(y3, s53);
        }
        TYPE.cast(s00).intoArray(c, c0);
        TYPE.cast(s01).intoArray(c, c0 + LANES);
        TYPE.cast(s02).intoArray(c, c0 + 2 * LANES);
        TYPE.cast(s03).intoArray(c, c0 + 3 * LANES);
        TYPE.cast(s10).intoArray(c, c0 + Math.min(1, rows - 1) * cStride);
        TYPE.cast(s11).intoArray(c, c0 + Math.min(1, rows - 1) * cStride + LANES);
        TYPE.cast(s12).intoArray(c, c0 + Math.min(1, rows - 1) * cStride + 2 * LANES);
        TYPE.cast(s13).intoArray(c, c0 + Math.min(1, rows - 1) * cStride + 3 * LANES);
        TYPE.cast(s20).intoArray(c, c0 + Math.min(2, rows - 1) * cStride);
        TYPE.cast(s21).intoArray(c, c0 + Math.min(2, rows - 1) * cStride + LANES);
        TYPE.cast(s22).intoArray(c, c0 + Math.min(2, rows - 1) * cStride + 2 * LANES);
        TYPE.cast(s23).intoArray(c, c0 + Math.min(2, rows - 1) * cStride + 3 * LANES);
        TYPE.cast(s30).intoArray(c, c0 + Math.min(3, rows - 1) * cStride);
        TYPE.cast(s31).intoArray(c, c0 + Math.min(3, rows - 1) * cStride + LANES);
        TYPE.cast(s32).intoArray(c, c0 + Math.min(3, rows - 1) * cStride + 2 * LANES);
        TYPE.cast(s33).intoArray(c, c0 + Math.min(3, rows - 1) * cStride + 3 * LANES);
        TYPE.cast(s40).intoArray(c, c0 + Math.min(4, rows - 1) * cStride);
        TYPE.cast(s41).intoArray(c, c0 + Math.min(4, rows - 1) * cStride + LANES);
        TYPE.cast(s42).intoArray(c, c0 + Math.min(4, rows - 1) * cStride + 2 * LANES);
        TYPE.cast(s43).intoArray(c, c0 + Math.min(4, rows - 1) * cStride + 3 * LANES);
        TYPE.cast(s50).intoArray(c, c0 + Math.min(5, rows - 1) * cStride);
        TYPE.cast(s51).intoArray(c, c0 + Math.min(5, rows - 1) * cStride + LANES);
        TYPE.cast(s52).intoArray(c, c0 + Math.min(5, rows - 1) * cStride + 2 * LANES);
        TYPE.cast(s53).intoArray(c, c0 + Math.min(5, rows - 1) * cStride + 3 * LANES);
    }
}
