package io.adjoint.autodiff.kernel;

import java.util.Optional;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loop of the gradient of a convolution by the weight of up to six filters: what a window sees in some runs lies beside each other
 * in two vectors, which are put together in registers, since to copy it would take as long as the products. The build derives the float64 twin from this source.
 *
 * @param offsets for each vector that is loaded how far it is from a window's place: {@link #FIRST} for the first vector, then {@link #SECOND} for the second one
 * @param lanes for each the ones from which on it counts, as a mask
 */
record FloatRunTile(int[] offsets, long[] lanes) {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /** See {@link FloatTallTile}. */
    private static final Class<? extends FloatVector> TYPE = VectorTypes.F32;

    /** Filters at most. */
    static final int ROWS = 6;

    /** Runs that a first vector has a part of, at most. */
    private static final int FIRST = 4;

    /** The same of a second vector. */
    private static final int SECOND = 3;

    /**
     * The tile for runs of a length, unless they are too many, or they lie so near to the beginning that a vector which ends with one would begin before.
     *
     * @param runs how far they are from a window's place
     */
    static Optional<FloatRunTile> of(int[] runs, int length) {
        int[] offsets = new int[FIRST + SECOND];
        long[] lanes = new long[FIRST + SECOND];
        boolean serves = Registers.COUNT >= FloatTallTile.REGISTERS && runs.length * length <= 2 * LANES;
        for (int i = 0; i < offsets.length; i++) {
            int vector = i < FIRST ? 0 : LANES;
            int first = vector / length;
            int run = Math.min(first + (i < FIRST ? i : i - FIRST), runs.length - 1);
            int lane = run * length - vector;
            offsets[i] = runs[run] - lane;
            lanes[i] = -1L << Math.max(0, lane);
            serves &= offsets[i] >= 0;
        }
        serves &= FIRST * length >= Math.min(LANES, runs.length * length)
                && (LANES / length + SECOND) * length >= runs.length * length;
        return serves ? Optional.of(new FloatRunTile(offsets, lanes)) : Optional.empty();
    }

    /**
     * Sums over all windows of an image.
     *
     * @param starts where rows of windows begin in the padded image, from {@code x0} on
     * @param length windows of a row
     * @param rows filters, whose cotangents begin at {@code a0} and lie {@code aStride} apart
     * @param c two vectors for each filter, from {@code c0} on
     */
    void multiply(int[] starts, int length, int rows, float[] a, int a0, int aStride, float[] x, int x0, float[] c,
            int c0) {
        multiply(offsets, lanes, starts, length, rows, a, a0, aStride, x, x0, c, c0);
    }

    private static void multiply(int[] offsets, long[] lanes, int[] starts, int length, int rows, float[] a, int a0,
            int aStride, float[] x, int x0, float[] c, int c0) {
        VectorMask<Float> m1 = VectorMask.fromLong(SPECIES, lanes[1]);
        VectorMask<Float> m2 = VectorMask.fromLong(SPECIES, lanes[2]);
        VectorMask<Float> m3 = VectorMask.fromLong(SPECIES, lanes[3]);
        VectorMask<Float> m5 = VectorMask.fromLong(SPECIES, lanes[5]);
        VectorMask<Float> m6 = VectorMask.fromLong(SPECIES, lanes[6]);
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
        for (int row = 0; row < starts.length; row++) {
            int from = a0 + row * length;
            int at0 = x0 + starts[row] + offsets[0];
            int at1 = x0 + starts[row] + offsets[1];
            int at2 = x0 + starts[row] + offsets[2];
            int at3 = x0 + starts[row] + offsets[3];
            int at4 = x0 + starts[row] + offsets[4];
            int at5 = x0 + starts[row] + offsets[5];
            int at6 = x0 + starts[row] + offsets[6];
            for (int i = 0; i < length; i++) {
                FloatVector y0 = FloatVector.fromArray(SPECIES, x, at0 + i)
                        .blend(FloatVector.fromArray(SPECIES, x, at1 + i), m1)
                        .blend(FloatVector.fromArray(SPECIES, x, at2 + i), m2)
                        .blend(FloatVector.fromArray(SPECIES, x, at3 + i), m3);
                FloatVector y1 = FloatVector.fromArray(SPECIES, x, at4 + i)
                        .blend(FloatVector.fromArray(SPECIES, x, at5 + i), m5)
                        .blend(FloatVector.fromArray(SPECIES, x, at6 + i), m6);
                FloatVector v0 = FloatVector.broadcast(SPECIES, a[from + i]);
                FloatVector v1 = FloatVector.broadcast(SPECIES, a[from + i + Math.min(1, rows - 1) * aStride]);
                FloatVector v2 = FloatVector.broadcast(SPECIES, a[from + i + Math.min(2, rows - 1) * aStride]);
                FloatVector v3 = FloatVector.broadcast(SPECIES, a[from + i + Math.min(3, rows - 1) * aStride]);
                FloatVector v4 = FloatVector.broadcast(SPECIES, a[from + i + Math.min(4, rows - 1) * aStride]);
                FloatVector v5 = FloatVector.broadcast(SPECIES, a[from + i + Math.min(5, rows - 1) * aStride]);
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
            }
        }
        TYPE.cast(s00).intoArray(c, c0);
        TYPE.cast(s01).intoArray(c, c0 + LANES);
        TYPE.cast(s10).intoArray(c, c0 + Math.min(1, rows - 1) * FloatTile.COLUMNS);
        TYPE.cast(s11).intoArray(c, c0 + Math.min(1, rows - 1) * FloatTile.COLUMNS + LANES);
        TYPE.cast(s20).intoArray(c, c0 + Math.min(2, rows - 1) * FloatTile.COLUMNS);
        TYPE.cast(s21).intoArray(c, c0 + Math.min(2, rows - 1) * FloatTile.COLUMNS + LANES);
        TYPE.cast(s30).intoArray(c, c0 + Math.min(3, rows - 1) * FloatTile.COLUMNS);
        TYPE.cast(s31).intoArray(c, c0 + Math.min(3, rows - 1) * FloatTile.COLUMNS + LANES);
        TYPE.cast(s40).intoArray(c, c0 + Math.min(4, rows - 1) * FloatTile.COLUMNS);
        TYPE.cast(s41).intoArray(c, c0 + Math.min(4, rows - 1) * FloatTile.COLUMNS + LANES);
        TYPE.cast(s50).intoArray(c, c0 + Math.min(5, rows - 1) * FloatTile.COLUMNS);
        TYPE.cast(s51).intoArray(c, c0 + Math.min(5, rows - 1) * FloatTile.COLUMNS + LANES);
    }
}
