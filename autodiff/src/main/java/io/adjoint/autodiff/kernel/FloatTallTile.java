package io.adjoint.autodiff.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loops of the SIMD matrix product and of convolutions where there are thirty-two registers: sums of eight rows and two
 * vectors, so that a vector that is loaded meets twice as many rows as in {@link FloatTile}. Sums and operands of one iteration
 * take 16 + 2 + 8 registers. The build derives the float64 twin from this source.
 */
final class FloatTallTile {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /** As {@link FloatTile#exact}, which C2 does not inline here: so many vector operations exceed what it inlines unasked. */
    private static final Class<? extends FloatVector> TYPE = VectorTypes.F32;

    static final int ROWS = 8;

    /** Rows of a tile that has four vectors: sums and operands of an iteration take 24 + 4 + 1 registers. */
    static final int FEW = 6;

    /** As many as it needs. */
    static final int REGISTERS = 32;

    private FloatTallTile() {}

    /** See {@link FloatTile#multiply}; up to eight rows. */
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
        FloatVector s40 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(4, rows - 1) * sStride);
        FloatVector s41 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(4, rows - 1) * sStride + LANES);
        FloatVector s50 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(5, rows - 1) * sStride);
        FloatVector s51 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(5, rows - 1) * sStride + LANES);
        FloatVector s60 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(6, rows - 1) * sStride);
        FloatVector s61 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(6, rows - 1) * sStride + LANES);
        FloatVector s70 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(7, rows - 1) * sStride);
        FloatVector s71 = FloatVector.fromArray(SPECIES, s, s0 + Math.min(7, rows - 1) * sStride + LANES);
        int b1 = b0 - a0 * FloatTile.PER_LEFT;
        for (int i = a0; i < a0 + depth * FloatTile.LEFT; i += FloatTile.LEFT) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, b1 + i * FloatTile.PER_LEFT);
            FloatVector y1 = FloatVector.fromArray(SPECIES, b, b1 + i * FloatTile.PER_LEFT + LANES);
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
            s10 = x1.fma(y0, s10);
            s11 = x1.fma(y1, s11);
            s20 = x2.fma(y0, s20);
            s21 = x2.fma(y1, s21);
            s30 = x3.fma(y0, s30);
            s31 = x3.fma(y1, s31);
            s40 = x4.fma(y0, s40);
            s41 = x4.fma(y1, s41);
            s50 = x5.fma(y0, s50);
            s51 = x5.fma(y1, s51);
            s60 = x6.fma(y0, s60);
            s61 = x6.fma(y1, s61);
            s70 = x7.fma(y0, s70);
            s71 = x7.fma(y1, s71);
        }
        TYPE.cast(s00).intoArray(c, c0);
        TYPE.cast(s01).intoArray(c, c0 + LANES);
        TYPE.cast(s10).intoArray(c, c0 + Math.min(1, rows - 1) * cStride);
        TYPE.cast(s11).intoArray(c, c0 + Math.min(1, rows - 1) * cStride + LANES);
        TYPE.cast(s20).intoArray(c, c0 + Math.min(2, rows - 1) * cStride);
        TYPE.cast(s21).intoArray(c, c0 + Math.min(2, rows - 1) * cStride + LANES);
        TYPE.cast(s30).intoArray(c, c0 + Math.min(3, rows - 1) * cStride);
        TYPE.cast(s31).intoArray(c, c0 + Math.min(3, rows - 1) * cStride + LANES);
        TYPE.cast(s40).intoArray(c, c0 + Math.min(4, rows - 1) * cStride);
        TYPE.cast(s41).intoArray(c, c0 + Math.min(4, rows - 1) * cStride + LANES);
        TYPE.cast(s50).intoArray(c, c0 + Math.min(5, rows - 1) * cStride);
        TYPE.cast(s51).intoArray(c, c0 + Math.min(5, rows - 1) * cStride + LANES);
        TYPE.cast(s60).intoArray(c, c0 + Math.min(6, rows - 1) * cStride);
        TYPE.cast(s61).intoArray(c, c0 + Math.min(6, rows - 1) * cStride + LANES);
        TYPE.cast(s70).intoArray(c, c0 + Math.min(7, rows - 1) * cStride);
        TYPE.cast(s71).intoArray(c, c0 + Math.min(7, rows - 1) * cStride + LANES);
    }

    /** See {@link FloatSightTile#filters}. */
    static void filters(int depth, int rows, float[] a, int a0, float[] b, int b0, float[] from, int f0, int fStride,
            float[] c, int c0, int cStride) {
        FloatVector s00 = FloatVector.fromArray(SPECIES, from, f0);
        FloatVector s01 = FloatVector.fromArray(SPECIES, from, f0 + LANES);
        FloatVector s10 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(1, rows - 1) * fStride);
        FloatVector s11 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(1, rows - 1) * fStride + LANES);
        FloatVector s20 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(2, rows - 1) * fStride);
        FloatVector s21 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(2, rows - 1) * fStride + LANES);
        FloatVector s30 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(3, rows - 1) * fStride);
        FloatVector s31 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(3, rows - 1) * fStride + LANES);
        FloatVector s40 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(4, rows - 1) * fStride);
        FloatVector s41 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(4, rows - 1) * fStride + LANES);
        FloatVector s50 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(5, rows - 1) * fStride);
        FloatVector s51 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(5, rows - 1) * fStride + LANES);
        FloatVector s60 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(6, rows - 1) * fStride);
        FloatVector s61 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(6, rows - 1) * fStride + LANES);
        FloatVector s70 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(7, rows - 1) * fStride);
        FloatVector s71 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(7, rows - 1) * fStride + LANES);
        int b1 = b0 - a0 * FloatSightTile.PER_FILTER;
        for (int i = a0; i < a0 + depth * FloatSightTile.FILTERS; i += FloatSightTile.FILTERS) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, b1 + i * FloatSightTile.PER_FILTER);
            FloatVector y1 = FloatVector.fromArray(SPECIES, b, b1 + i * FloatSightTile.PER_FILTER + LANES);
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
            s10 = x1.fma(y0, s10);
            s11 = x1.fma(y1, s11);
            s20 = x2.fma(y0, s20);
            s21 = x2.fma(y1, s21);
            s30 = x3.fma(y0, s30);
            s31 = x3.fma(y1, s31);
            s40 = x4.fma(y0, s40);
            s41 = x4.fma(y1, s41);
            s50 = x5.fma(y0, s50);
            s51 = x5.fma(y1, s51);
            s60 = x6.fma(y0, s60);
            s61 = x6.fma(y1, s61);
            s70 = x7.fma(y0, s70);
            s71 = x7.fma(y1, s71);
        }
        TYPE.cast(s00).intoArray(c, c0);
        TYPE.cast(s01).intoArray(c, c0 + LANES);
        TYPE.cast(s10).intoArray(c, c0 + Math.min(1, rows - 1) * cStride);
        TYPE.cast(s11).intoArray(c, c0 + Math.min(1, rows - 1) * cStride + LANES);
        TYPE.cast(s20).intoArray(c, c0 + Math.min(2, rows - 1) * cStride);
        TYPE.cast(s21).intoArray(c, c0 + Math.min(2, rows - 1) * cStride + LANES);
        TYPE.cast(s30).intoArray(c, c0 + Math.min(3, rows - 1) * cStride);
        TYPE.cast(s31).intoArray(c, c0 + Math.min(3, rows - 1) * cStride + LANES);
        TYPE.cast(s40).intoArray(c, c0 + Math.min(4, rows - 1) * cStride);
        TYPE.cast(s41).intoArray(c, c0 + Math.min(4, rows - 1) * cStride + LANES);
        TYPE.cast(s50).intoArray(c, c0 + Math.min(5, rows - 1) * cStride);
        TYPE.cast(s51).intoArray(c, c0 + Math.min(5, rows - 1) * cStride + LANES);
        TYPE.cast(s60).intoArray(c, c0 + Math.min(6, rows - 1) * cStride);
        TYPE.cast(s61).intoArray(c, c0 + Math.min(6, rows - 1) * cStride + LANES);
        TYPE.cast(s70).intoArray(c, c0 + Math.min(7, rows - 1) * cStride);
        TYPE.cast(s71).intoArray(c, c0 + Math.min(7, rows - 1) * cStride + LANES);
    }

    /** See {@link FloatSightTile#places}. */
    static void places(int depth, int rows, float[] a, int a0, float[] x, int x0, int[] offsets, int p0,
            float[] from, int f0, int fStride, float[] c, int c0, int cStride) {
        FloatVector s00 = FloatVector.fromArray(SPECIES, from, f0);
        FloatVector s01 = FloatVector.fromArray(SPECIES, from, f0 + LANES);
        FloatVector s10 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(1, rows - 1) * fStride);
        FloatVector s11 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(1, rows - 1) * fStride + LANES);
        FloatVector s20 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(2, rows - 1) * fStride);
        FloatVector s21 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(2, rows - 1) * fStride + LANES);
        FloatVector s30 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(3, rows - 1) * fStride);
        FloatVector s31 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(3, rows - 1) * fStride + LANES);
        FloatVector s40 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(4, rows - 1) * fStride);
        FloatVector s41 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(4, rows - 1) * fStride + LANES);
        FloatVector s50 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(5, rows - 1) * fStride);
        FloatVector s51 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(5, rows - 1) * fStride + LANES);
        FloatVector s60 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(6, rows - 1) * fStride);
        FloatVector s61 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(6, rows - 1) * fStride + LANES);
        FloatVector s70 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(7, rows - 1) * fStride);
        FloatVector s71 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(7, rows - 1) * fStride + LANES);
        for (int p = 0; p < depth; p++) {
            int at = x0 + offsets[p0 + p];
            int i = a0 + p * FloatSightTile.FILTERS;
            FloatVector y0 = FloatVector.fromArray(SPECIES, x, at);
            FloatVector y1 = FloatVector.fromArray(SPECIES, x, at + LANES);
            FloatVector v0 = FloatVector.broadcast(SPECIES, a[i]);
            FloatVector v1 = FloatVector.broadcast(SPECIES, a[i + 1]);
            FloatVector v2 = FloatVector.broadcast(SPECIES, a[i + 2]);
            FloatVector v3 = FloatVector.broadcast(SPECIES, a[i + 3]);
            FloatVector v4 = FloatVector.broadcast(SPECIES, a[i + 4]);
            FloatVector v5 = FloatVector.broadcast(SPECIES, a[i + 5]);
            FloatVector v6 = FloatVector.broadcast(SPECIES, a[i + 6]);
            FloatVector v7 = FloatVector.broadcast(SPECIES, a[i + 7]);
            s00 = v0.fma(y0, s00);
            s01 = v0.fma(y1, s01);
            s10 = v1.fma(y0, s10);
            s11 = v1.fma(y1, s11);
            s20 = v2.fma(y0, s20);
            s21 = v2.fma(y1, s21);
            s30 = v3.fma(y0, s30);
            s31 = v3.fma(y1, s31);
            s40 = v4.fma(y0, s40);
            s41 = v4.fma(y1, s41);
            s50 = v5.fma(y0, s50);
            s51 = v5.fma(y1, s51);
            s60 = v6.fma(y0, s60);
            s61 = v6.fma(y1, s61);
            s70 = v7.fma(y0, s70);
            s71 = v7.fma(y1, s71);
        }
        TYPE.cast(s00).intoArray(c, c0);
        TYPE.cast(s01).intoArray(c, c0 + LANES);
        TYPE.cast(s10).intoArray(c, c0 + Math.min(1, rows - 1) * cStride);
        TYPE.cast(s11).intoArray(c, c0 + Math.min(1, rows - 1) * cStride + LANES);
        TYPE.cast(s20).intoArray(c, c0 + Math.min(2, rows - 1) * cStride);
        TYPE.cast(s21).intoArray(c, c0 + Math.min(2, rows - 1) * cStride + LANES);
        TYPE.cast(s30).intoArray(c, c0 + Math.min(3, rows - 1) * cStride);
        TYPE.cast(s31).intoArray(c, c0 + Math.min(3, rows - 1) * cStride + LANES);
        TYPE.cast(s40).intoArray(c, c0 + Math.min(4, rows - 1) * cStride);
        TYPE.cast(s41).intoArray(c, c0 + Math.min(4, rows - 1) * cStride + LANES);
        TYPE.cast(s50).intoArray(c, c0 + Math.min(5, rows - 1) * cStride);
        TYPE.cast(s51).intoArray(c, c0 + Math.min(5, rows - 1) * cStride + LANES);
        TYPE.cast(s60).intoArray(c, c0 + Math.min(6, rows - 1) * cStride);
        TYPE.cast(s61).intoArray(c, c0 + Math.min(6, rows - 1) * cStride + LANES);
        TYPE.cast(s70).intoArray(c, c0 + Math.min(7, rows - 1) * cStride);
        TYPE.cast(s71).intoArray(c, c0 + Math.min(7, rows - 1) * cStride + LANES);
    }

    /** See {@link FloatSightTile#places}; up to {@link #FEW} filters and four vectors of windows, wherever these begin. */
    static void widePlaces(int depth, int rows, float[] a, int a0, float[] x, int x0, int x1, int x2,
            int x3, int[] offsets, int p0,
            float[] from,
            int f0, int fStride, float[] c, int c0, int cStride) {
        FloatVector s00 = FloatVector.fromArray(SPECIES, from, f0);
        FloatVector s01 = FloatVector.fromArray(SPECIES, from, f0 + LANES);
        FloatVector s02 = FloatVector.fromArray(SPECIES, from, f0 + 2 * LANES);
        FloatVector s03 = FloatVector.fromArray(SPECIES, from, f0 + 3 * LANES);
        FloatVector s10 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(1, rows - 1) * fStride);
        FloatVector s11 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(1, rows - 1) * fStride + LANES);
        FloatVector s12 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(1, rows - 1) * fStride + 2 * LANES);
        FloatVector s13 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(1, rows - 1) * fStride + 3 * LANES);
        FloatVector s20 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(2, rows - 1) * fStride);
        FloatVector s21 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(2, rows - 1) * fStride + LANES);
        FloatVector s22 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(2, rows - 1) * fStride + 2 * LANES);
        FloatVector s23 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(2, rows - 1) * fStride + 3 * LANES);
        FloatVector s30 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(3, rows - 1) * fStride);
        FloatVector s31 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(3, rows - 1) * fStride + LANES);
        FloatVector s32 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(3, rows - 1) * fStride + 2 * LANES);
        FloatVector s33 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(3, rows - 1) * fStride + 3 * LANES);
        FloatVector s40 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(4, rows - 1) * fStride);
        FloatVector s41 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(4, rows - 1) * fStride + LANES);
        FloatVector s42 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(4, rows - 1) * fStride + 2 * LANES);
        FloatVector s43 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(4, rows - 1) * fStride + 3 * LANES);
        FloatVector s50 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(5, rows - 1) * fStride);
        FloatVector s51 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(5, rows - 1) * fStride + LANES);
        FloatVector s52 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(5, rows - 1) * fStride + 2 * LANES);
        FloatVector s53 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(5, rows - 1) * fStride + 3 * LANES);
        for (int p = 0; p < depth; p++) {
            int at = offsets[p0 + p];
            int i = a0 + p * FloatSightTile.FILTERS;
            FloatVector y0 = FloatVector.fromArray(SPECIES, x, x0 + at);
            FloatVector y1 = FloatVector.fromArray(SPECIES, x, x1 + at);
            FloatVector y2 = FloatVector.fromArray(SPECIES, x, x2 + at);
            FloatVector y3 = FloatVector.fromArray(SPECIES, x, x3 + at);
            FloatVector v0 = FloatVector.broadcast(SPECIES, a[i]);
            s00 = v0.fma(y0, s00);
            s01 = v0.fma(y1, s01);
            s02 = v0.fma(y2, s02);
            s03 = v0.fma(y3, s03);
            FloatVector v1 = FloatVector.broadcast(SPECIES, a[i + 1]);
            s10 = v1.fma(y0, s10);
            s11 = v1.fma(y1, s11);
            s12 = v1.fma(y2, s12);
            s13 = v1.fma(y3, s13);
            FloatVector v2 = FloatVector.broadcast(SPECIES, a[i + 2]);
            s20 = v2.fma(y0, s20);
            s21 = v2.fma(y1, s21);
            s22 = v2.fma(y2, s22);
            s23 = v2.fma(y3, s23);
            FloatVector v3 = FloatVector.broadcast(SPECIES, a[i + 3]);
            s30 = v3.fma(y0, s30);
            s31 = v3.fma(y1, s31);
            s32 = v3.fma(y2, s32);
            s33 = v3.fma(y3, s33);
            FloatVector v4 = FloatVector.broadcast(SPECIES, a[i + 4]);
            s40 = v4.fma(y0, s40);
            s41 = v4.fma(y1, s41);
            s42 = v4.fma(y2, s42);
            s43 = v4.fma(y3, s43);
            FloatVector v5 = FloatVector.broadcast(SPECIES, a[i + 5]);
            s50 = v5.fma(y0, s50);
            s51 = v5.fma(y1, s51);
            s52 = v5.fma(y2, s52);
            s53 = v5.fma(y3, s53);
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

    /** See {@link FloatTile#multiplyRows}; up to eight rows, and those of {@code b} may lie {@code bStride} apart. */
    static void multiplyRows(int depth, int rows, float[] a, int a0, int aStride, float[] b, int b0, int bStride,
            float[] c, int c0, int cStride, boolean first) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector s00 = zero;
        FloatVector s01 = zero;
        FloatVector s10 = zero;
        FloatVector s11 = zero;
        FloatVector s20 = zero;
        FloatVector s21 = zero;
        FloatVector s30 = zero;
        FloatVector s31 = zero;
        FloatVector s40 = zero;
        FloatVector s41 = zero;
        FloatVector s50 = zero;
        FloatVector s51 = zero;
        FloatVector s60 = zero;
        FloatVector s61 = zero;
        FloatVector s70 = zero;
        FloatVector s71 = zero;
        if (!first) {
            s00 = FloatVector.fromArray(SPECIES, c, c0);
            s01 = FloatVector.fromArray(SPECIES, c, c0 + LANES);
            s10 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(1, rows - 1) * cStride);
            s11 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(1, rows - 1) * cStride + LANES);
            s20 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(2, rows - 1) * cStride);
            s21 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(2, rows - 1) * cStride + LANES);
            s30 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(3, rows - 1) * cStride);
            s31 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(3, rows - 1) * cStride + LANES);
            s40 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(4, rows - 1) * cStride);
            s41 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(4, rows - 1) * cStride + LANES);
            s50 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(5, rows - 1) * cStride);
            s51 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(5, rows - 1) * cStride + LANES);
            s60 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(6, rows - 1) * cStride);
            s61 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(6, rows - 1) * cStride + LANES);
            s70 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(7, rows - 1) * cStride);
            s71 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(7, rows - 1) * cStride + LANES);
        }
        for (int p = 0; p < depth; p++) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, b0 + p * bStride);
            FloatVector y1 = FloatVector.fromArray(SPECIES, b, b0 + p * bStride + LANES);
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
            s10 = x1.fma(y0, s10);
            s11 = x1.fma(y1, s11);
            s20 = x2.fma(y0, s20);
            s21 = x2.fma(y1, s21);
            s30 = x3.fma(y0, s30);
            s31 = x3.fma(y1, s31);
            s40 = x4.fma(y0, s40);
            s41 = x4.fma(y1, s41);
            s50 = x5.fma(y0, s50);
            s51 = x5.fma(y1, s51);
            s60 = x6.fma(y0, s60);
            s61 = x6.fma(y1, s61);
            s70 = x7.fma(y0, s70);
            s71 = x7.fma(y1, s71);
        }
        TYPE.cast(s00).intoArray(c, c0);
        TYPE.cast(s01).intoArray(c, c0 + LANES);
        TYPE.cast(s10).intoArray(c, c0 + Math.min(1, rows - 1) * cStride);
        TYPE.cast(s11).intoArray(c, c0 + Math.min(1, rows - 1) * cStride + LANES);
        TYPE.cast(s20).intoArray(c, c0 + Math.min(2, rows - 1) * cStride);
        TYPE.cast(s21).intoArray(c, c0 + Math.min(2, rows - 1) * cStride + LANES);
        TYPE.cast(s30).intoArray(c, c0 + Math.min(3, rows - 1) * cStride);
        TYPE.cast(s31).intoArray(c, c0 + Math.min(3, rows - 1) * cStride + LANES);
        TYPE.cast(s40).intoArray(c, c0 + Math.min(4, rows - 1) * cStride);
        TYPE.cast(s41).intoArray(c, c0 + Math.min(4, rows - 1) * cStride + LANES);
        TYPE.cast(s50).intoArray(c, c0 + Math.min(5, rows - 1) * cStride);
        TYPE.cast(s51).intoArray(c, c0 + Math.min(5, rows - 1) * cStride + LANES);
        TYPE.cast(s60).intoArray(c, c0 + Math.min(6, rows - 1) * cStride);
        TYPE.cast(s61).intoArray(c, c0 + Math.min(6, rows - 1) * cStride + LANES);
        TYPE.cast(s70).intoArray(c, c0 + Math.min(7, rows - 1) * cStride);
        TYPE.cast(s71).intoArray(c, c0 + Math.min(7, rows - 1) * cStride + LANES);
    }

    /** The same for up to {@link #FEW} rows. */
    static void multiplyFewRows(int depth, int rows, float[] a, int a0, int aStride, float[] b, int b0, float[] c,
            int c0,
            int cStride, boolean first) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector s00 = zero;
        FloatVector s01 = zero;
        FloatVector s10 = zero;
        FloatVector s11 = zero;
        FloatVector s20 = zero;
        FloatVector s21 = zero;
        FloatVector s30 = zero;
        FloatVector s31 = zero;
        FloatVector s40 = zero;
        FloatVector s41 = zero;
        FloatVector s50 = zero;
        FloatVector s51 = zero;
        if (!first) {
            s00 = FloatVector.fromArray(SPECIES, c, c0);
            s01 = FloatVector.fromArray(SPECIES, c, c0 + LANES);
            s10 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(1, rows - 1) * cStride);
            s11 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(1, rows - 1) * cStride + LANES);
            s20 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(2, rows - 1) * cStride);
            s21 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(2, rows - 1) * cStride + LANES);
            s30 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(3, rows - 1) * cStride);
            s31 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(3, rows - 1) * cStride + LANES);
            s40 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(4, rows - 1) * cStride);
            s41 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(4, rows - 1) * cStride + LANES);
            s50 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(5, rows - 1) * cStride);
            s51 = FloatVector.fromArray(SPECIES, c, c0 + Math.min(5, rows - 1) * cStride + LANES);
        }
        for (int p = 0; p < depth; p++) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, b0 + p * FloatTile.COLUMNS);
            FloatVector y1 = FloatVector.fromArray(SPECIES, b, b0 + p * FloatTile.COLUMNS + LANES);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[a0 + p]);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[a0 + p + Math.min(1, rows - 1) * aStride]);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a[a0 + p + Math.min(2, rows - 1) * aStride]);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a[a0 + p + Math.min(3, rows - 1) * aStride]);
            FloatVector x4 = FloatVector.broadcast(SPECIES, a[a0 + p + Math.min(4, rows - 1) * aStride]);
            FloatVector x5 = FloatVector.broadcast(SPECIES, a[a0 + p + Math.min(5, rows - 1) * aStride]);
            s00 = x0.fma(y0, s00);
            s01 = x0.fma(y1, s01);
            s10 = x1.fma(y0, s10);
            s11 = x1.fma(y1, s11);
            s20 = x2.fma(y0, s20);
            s21 = x2.fma(y1, s21);
            s30 = x3.fma(y0, s30);
            s31 = x3.fma(y1, s31);
            s40 = x4.fma(y0, s40);
            s41 = x4.fma(y1, s41);
            s50 = x5.fma(y0, s50);
            s51 = x5.fma(y1, s51);
        }
        TYPE.cast(s00).intoArray(c, c0);
        TYPE.cast(s01).intoArray(c, c0 + LANES);
        TYPE.cast(s10).intoArray(c, c0 + Math.min(1, rows - 1) * cStride);
        TYPE.cast(s11).intoArray(c, c0 + Math.min(1, rows - 1) * cStride + LANES);
        TYPE.cast(s20).intoArray(c, c0 + Math.min(2, rows - 1) * cStride);
        TYPE.cast(s21).intoArray(c, c0 + Math.min(2, rows - 1) * cStride + LANES);
        TYPE.cast(s30).intoArray(c, c0 + Math.min(3, rows - 1) * cStride);
        TYPE.cast(s31).intoArray(c, c0 + Math.min(3, rows - 1) * cStride + LANES);
        TYPE.cast(s40).intoArray(c, c0 + Math.min(4, rows - 1) * cStride);
        TYPE.cast(s41).intoArray(c, c0 + Math.min(4, rows - 1) * cStride + LANES);
        TYPE.cast(s50).intoArray(c, c0 + Math.min(5, rows - 1) * cStride);
        TYPE.cast(s51).intoArray(c, c0 + Math.min(5, rows - 1) * cStride + LANES);
    }

    /** See {@link FloatSightTile#elements}. */
    static void elements(int windows, int rows, float[] a, int a0, int[] begins, int t, int[] places, float[] b, int b0,
            float[] from,
            int f0, int fStride, float[] c, int c0, int cStride) {
        int a1 = a0 + begins[t];
        int a2 = a0 + begins[t + Math.min(1, rows - 1)];
        int a3 = a0 + begins[t + Math.min(2, rows - 1)];
        int a4 = a0 + begins[t + Math.min(3, rows - 1)];
        int a5 = a0 + begins[t + Math.min(4, rows - 1)];
        int a6 = a0 + begins[t + Math.min(5, rows - 1)];
        int a7 = a0 + begins[t + Math.min(6, rows - 1)];
        int a8 = a0 + begins[t + Math.min(7, rows - 1)];
        FloatVector s00 = FloatVector.fromArray(SPECIES, from, f0);
        FloatVector s01 = FloatVector.fromArray(SPECIES, from, f0 + LANES);
        FloatVector s10 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(1, rows - 1) * fStride);
        FloatVector s11 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(1, rows - 1) * fStride + LANES);
        FloatVector s20 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(2, rows - 1) * fStride);
        FloatVector s21 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(2, rows - 1) * fStride + LANES);
        FloatVector s30 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(3, rows - 1) * fStride);
        FloatVector s31 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(3, rows - 1) * fStride + LANES);
        FloatVector s40 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(4, rows - 1) * fStride);
        FloatVector s41 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(4, rows - 1) * fStride + LANES);
        FloatVector s50 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(5, rows - 1) * fStride);
        FloatVector s51 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(5, rows - 1) * fStride + LANES);
        FloatVector s60 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(6, rows - 1) * fStride);
        FloatVector s61 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(6, rows - 1) * fStride + LANES);
        FloatVector s70 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(7, rows - 1) * fStride);
        FloatVector s71 = FloatVector.fromArray(SPECIES, from, f0 + Math.min(7, rows - 1) * fStride + LANES);
        for (int p = 0; p < windows; p++) {
            int at = places[p];
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, b0 + p * FloatTile.COLUMNS);
            FloatVector y1 = FloatVector.fromArray(SPECIES, b, b0 + p * FloatTile.COLUMNS + LANES);
            FloatVector v0 = FloatVector.broadcast(SPECIES, a[a1 + at]);
            FloatVector v1 = FloatVector.broadcast(SPECIES, a[a2 + at]);
            FloatVector v2 = FloatVector.broadcast(SPECIES, a[a3 + at]);
            FloatVector v3 = FloatVector.broadcast(SPECIES, a[a4 + at]);
            FloatVector v4 = FloatVector.broadcast(SPECIES, a[a5 + at]);
            FloatVector v5 = FloatVector.broadcast(SPECIES, a[a6 + at]);
            FloatVector v6 = FloatVector.broadcast(SPECIES, a[a7 + at]);
            FloatVector v7 = FloatVector.broadcast(SPECIES, a[a8 + at]);
            s00 = v0.fma(y0, s00);
            s01 = v0.fma(y1, s01);
            s10 = v1.fma(y0, s10);
            s11 = v1.fma(y1, s11);
            s20 = v2.fma(y0, s20);
            s21 = v2.fma(y1, s21);
            s30 = v3.fma(y0, s30);
            s31 = v3.fma(y1, s31);
            s40 = v4.fma(y0, s40);
            s41 = v4.fma(y1, s41);
            s50 = v5.fma(y0, s50);
            s51 = v5.fma(y1, s51);
            s60 = v6.fma(y0, s60);
            s61 = v6.fma(y1, s61);
            s70 = v7.fma(y0, s70);
            s71 = v7.fma(y1, s71);
        }
        TYPE.cast(s00).intoArray(c, c0);
        TYPE.cast(s01).intoArray(c, c0 + LANES);
        TYPE.cast(s10).intoArray(c, c0 + Math.min(1, rows - 1) * cStride);
        TYPE.cast(s11).intoArray(c, c0 + Math.min(1, rows - 1) * cStride + LANES);
        TYPE.cast(s20).intoArray(c, c0 + Math.min(2, rows - 1) * cStride);
        TYPE.cast(s21).intoArray(c, c0 + Math.min(2, rows - 1) * cStride + LANES);
        TYPE.cast(s30).intoArray(c, c0 + Math.min(3, rows - 1) * cStride);
        TYPE.cast(s31).intoArray(c, c0 + Math.min(3, rows - 1) * cStride + LANES);
        TYPE.cast(s40).intoArray(c, c0 + Math.min(4, rows - 1) * cStride);
        TYPE.cast(s41).intoArray(c, c0 + Math.min(4, rows - 1) * cStride + LANES);
        TYPE.cast(s50).intoArray(c, c0 + Math.min(5, rows - 1) * cStride);
        TYPE.cast(s51).intoArray(c, c0 + Math.min(5, rows - 1) * cStride + LANES);
        TYPE.cast(s60).intoArray(c, c0 + Math.min(6, rows - 1) * cStride);
        TYPE.cast(s61).intoArray(c, c0 + Math.min(6, rows - 1) * cStride + LANES);
        TYPE.cast(s70).intoArray(c, c0 + Math.min(7, rows - 1) * cStride);
        TYPE.cast(s71).intoArray(c, c0 + Math.min(7, rows - 1) * cStride + LANES);
    }
}
