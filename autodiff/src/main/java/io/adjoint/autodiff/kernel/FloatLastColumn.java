package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Launch;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The one column that a product has beyond whole panels, with a left matrix that is read where it lies. A panel of its own would be computed as a
 * whole vector for each row. Here rows are the lanes: squares of sixteen floats are transposed in registers. The build derives the float64
 * twin from this source, which serves nobody.
 *
 * @param left whole squares
 * @param right one column
 * @param out the same
 */
record FloatLastColumn(FloatMatrix left, FloatMatrix right, FloatMatrix out, boolean first) implements Launch {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /** Rows and columns of a square. */
    private static final int SQUARE = 16;

    private static final VectorShuffle<Float> BY_EIGHT = exchange(8);
    private static final VectorShuffle<Float> BY_FOUR = exchange(4);
    private static final VectorShuffle<Float> BY_TWO = exchange(2);
    private static final VectorShuffle<Float> BY_ONE = exchange(1);
    private static final VectorMask<Float> ODD_EIGHTS = VectorMask.fromLong(SPECIES, 0xff00);
    private static final VectorMask<Float> ODD_FOURS = VectorMask.fromLong(SPECIES, 0xf0f0);
    private static final VectorMask<Float> ODD_TWOS = VectorMask.fromLong(SPECIES, 0xcccc);
    private static final VectorMask<Float> ODD_ONES = VectorMask.fromLong(SPECIES, 0xaaaa);

    /** How many of the columns are computed so: one, if the others fill panels of {@link FloatBroadTile}, or none. */
    static int count(FloatMatrix left, int columns) {
        return LANES == SQUARE && left.rows() % SQUARE == 0 && left.columns() % SQUARE == 0
                && columns > FloatBroadTile.COLUMNS && columns % FloatBroadTile.COLUMNS == 1 ? 1 : 0;
    }

    @Override
    public void run() {
        float[] column = FloatScratch.get().column(right.rows());
        for (int p = 0; p < right.rows(); p++) {
            column[p] = right.data()[right.at(p, 0)];
        }
        float[] sums = FloatScratch.get().edge();
        for (int row = 0; row < out.rows(); row += SQUARE) {
            for (int i = 0; i < SQUARE; i++) {
                sums[i] = first ? 0 : out.data()[out.at(row + i, 0)];
            }
            squares(left.columns(), left.data(), left.at(row, 0), left.rowStride(), column, sums);
            for (int i = 0; i < SQUARE; i++) {
                out.data()[out.at(row + i, 0)] = sums[i];
            }
        }
    }

    /** Which lanes change places with those so many further. */
    private static VectorShuffle<Float> exchange(int distance) {
        return VectorShuffle.fromOp(SPECIES, lane -> lane ^ distance & LANES - 1);
    }

    /**
     * Adds sixteen rows times the column to sixteen sums. A bit of the number of a row and one of that of an element change places four times, as
     * in {@link FloatPacking}.
     */
    private static void squares(int depth, float[] a, int a0, int aStride, float[] column, float[] sums) {
        FloatVector sum = FloatVector.fromArray(SPECIES, sums, 0);
        for (int p = 0; p < depth; p += SQUARE) {
            FloatVector x0 = FloatVector.fromArray(SPECIES, a, a0 + p);
            FloatVector x1 = FloatVector.fromArray(SPECIES, a, a0 + p + aStride);
            FloatVector x2 = FloatVector.fromArray(SPECIES, a, a0 + p + 2 * aStride);
            FloatVector x3 = FloatVector.fromArray(SPECIES, a, a0 + p + 3 * aStride);
            FloatVector x4 = FloatVector.fromArray(SPECIES, a, a0 + p + 4 * aStride);
            FloatVector x5 = FloatVector.fromArray(SPECIES, a, a0 + p + 5 * aStride);
            FloatVector x6 = FloatVector.fromArray(SPECIES, a, a0 + p + 6 * aStride);
            FloatVector x7 = FloatVector.fromArray(SPECIES, a, a0 + p + 7 * aStride);
            FloatVector x8 = FloatVector.fromArray(SPECIES, a, a0 + p + 8 * aStride);
            FloatVector x9 = FloatVector.fromArray(SPECIES, a, a0 + p + 9 * aStride);
            FloatVector x10 = FloatVector.fromArray(SPECIES, a, a0 + p + 10 * aStride);
            FloatVector x11 = FloatVector.fromArray(SPECIES, a, a0 + p + 11 * aStride);
            FloatVector x12 = FloatVector.fromArray(SPECIES, a, a0 + p + 12 * aStride);
            FloatVector x13 = FloatVector.fromArray(SPECIES, a, a0 + p + 13 * aStride);
            FloatVector x14 = FloatVector.fromArray(SPECIES, a, a0 + p + 14 * aStride);
            FloatVector x15 = FloatVector.fromArray(SPECIES, a, a0 + p + 15 * aStride);
            FloatVector y0 = x0.blend(x8.rearrange(BY_EIGHT), ODD_EIGHTS);
            FloatVector y8 = x0.rearrange(BY_EIGHT).blend(x8, ODD_EIGHTS);
            FloatVector y1 = x1.blend(x9.rearrange(BY_EIGHT), ODD_EIGHTS);
            FloatVector y9 = x1.rearrange(BY_EIGHT).blend(x9, ODD_EIGHTS);
            FloatVector y2 = x2.blend(x10.rearrange(BY_EIGHT), ODD_EIGHTS);
            FloatVector y10 = x2.rearrange(BY_EIGHT).blend(x10, ODD_EIGHTS);
            FloatVector y3 = x3.blend(x11.rearrange(BY_EIGHT), ODD_EIGHTS);
            FloatVector y11 = x3.rearrange(BY_EIGHT).blend(x11, ODD_EIGHTS);
            FloatVector y4 = x4.blend(x12.rearrange(BY_EIGHT), ODD_EIGHTS);
            FloatVector y12 = x4.rearrange(BY_EIGHT).blend(x12, ODD_EIGHTS);
            FloatVector y5 = x5.blend(x13.rearrange(BY_EIGHT), ODD_EIGHTS);
            FloatVector y13 = x5.rearrange(BY_EIGHT).blend(x13, ODD_EIGHTS);
            FloatVector y6 = x6.blend(x14.rearrange(BY_EIGHT), ODD_EIGHTS);
            FloatVector y14 = x6.rearrange(BY_EIGHT).blend(x14, ODD_EIGHTS);
            FloatVector y7 = x7.blend(x15.rearrange(BY_EIGHT), ODD_EIGHTS);
            FloatVector y15 = x7.rearrange(BY_EIGHT).blend(x15, ODD_EIGHTS);
            x0 = y0.blend(y4.rearrange(BY_FOUR), ODD_FOURS);
            x4 = y0.rearrange(BY_FOUR).blend(y4, ODD_FOURS);
            x1 = y1.blend(y5.rearrange(BY_FOUR), ODD_FOURS);
            x5 = y1.rearrange(BY_FOUR).blend(y5, ODD_FOURS);
            x2 = y2.blend(y6.rearrange(BY_FOUR), ODD_FOURS);
            x6 = y2.rearrange(BY_FOUR).blend(y6, ODD_FOURS);
            x3 = y3.blend(y7.rearrange(BY_FOUR), ODD_FOURS);
            x7 = y3.rearrange(BY_FOUR).blend(y7, ODD_FOURS);
            x8 = y8.blend(y12.rearrange(BY_FOUR), ODD_FOURS);
            x12 = y8.rearrange(BY_FOUR).blend(y12, ODD_FOURS);
            x9 = y9.blend(y13.rearrange(BY_FOUR), ODD_FOURS);
            x13 = y9.rearrange(BY_FOUR).blend(y13, ODD_FOURS);
            x10 = y10.blend(y14.rearrange(BY_FOUR), ODD_FOURS);
            x14 = y10.rearrange(BY_FOUR).blend(y14, ODD_FOURS);
            x11 = y11.blend(y15.rearrange(BY_FOUR), ODD_FOURS);
            x15 = y11.rearrange(BY_FOUR).blend(y15, ODD_FOURS);
            y0 = x0.blend(x2.rearrange(BY_TWO), ODD_TWOS);
            y2 = x0.rearrange(BY_TWO).blend(x2, ODD_TWOS);
            y1 = x1.blend(x3.rearrange(BY_TWO), ODD_TWOS);
            y3 = x1.rearrange(BY_TWO).blend(x3, ODD_TWOS);
            y4 = x4.blend(x6.rearrange(BY_TWO), ODD_TWOS);
            y6 = x4.rearrange(BY_TWO).blend(x6, ODD_TWOS);
            y5 = x5.blend(x7.rearrange(BY_TWO), ODD_TWOS);
            y7 = x5.rearrange(BY_TWO).blend(x7, ODD_TWOS);
            y8 = x8.blend(x10.rearrange(BY_TWO), ODD_TWOS);
            y10 = x8.rearrange(BY_TWO).blend(x10, ODD_TWOS);
            y9 = x9.blend(x11.rearrange(BY_TWO), ODD_TWOS);
            y11 = x9.rearrange(BY_TWO).blend(x11, ODD_TWOS);
            y12 = x12.blend(x14.rearrange(BY_TWO), ODD_TWOS);
            y14 = x12.rearrange(BY_TWO).blend(x14, ODD_TWOS);
            y13 = x13.blend(x15.rearrange(BY_TWO), ODD_TWOS);
            y15 = x13.rearrange(BY_TWO).blend(x15, ODD_TWOS);
            x0 = y0.blend(y1.rearrange(BY_ONE), ODD_ONES);
            x1 = y0.rearrange(BY_ONE).blend(y1, ODD_ONES);
            x2 = y2.blend(y3.rearrange(BY_ONE), ODD_ONES);
            x3 = y2.rearrange(BY_ONE).blend(y3, ODD_ONES);
            x4 = y4.blend(y5.rearrange(BY_ONE), ODD_ONES);
            x5 = y4.rearrange(BY_ONE).blend(y5, ODD_ONES);
            x6 = y6.blend(y7.rearrange(BY_ONE), ODD_ONES);
            x7 = y6.rearrange(BY_ONE).blend(y7, ODD_ONES);
            x8 = y8.blend(y9.rearrange(BY_ONE), ODD_ONES);
            x9 = y8.rearrange(BY_ONE).blend(y9, ODD_ONES);
            x10 = y10.blend(y11.rearrange(BY_ONE), ODD_ONES);
            x11 = y10.rearrange(BY_ONE).blend(y11, ODD_ONES);
            x12 = y12.blend(y13.rearrange(BY_ONE), ODD_ONES);
            x13 = y12.rearrange(BY_ONE).blend(y13, ODD_ONES);
            x14 = y14.blend(y15.rearrange(BY_ONE), ODD_ONES);
            x15 = y14.rearrange(BY_ONE).blend(y15, ODD_ONES);
            sum = x0.fma(FloatVector.broadcast(SPECIES, column[p]), sum);
            sum = x1.fma(FloatVector.broadcast(SPECIES, column[p + 1]), sum);
            sum = x2.fma(FloatVector.broadcast(SPECIES, column[p + 2]), sum);
            sum = x3.fma(FloatVector.broadcast(SPECIES, column[p + 3]), sum);
            sum = x4.fma(FloatVector.broadcast(SPECIES, column[p + 4]), sum);
            sum = x5.fma(FloatVector.broadcast(SPECIES, column[p + 5]), sum);
            sum = x6.fma(FloatVector.broadcast(SPECIES, column[p + 6]), sum);
            sum = x7.fma(FloatVector.broadcast(SPECIES, column[p + 7]), sum);
            sum = x8.fma(FloatVector.broadcast(SPECIES, column[p + 8]), sum);
            sum = x9.fma(FloatVector.broadcast(SPECIES, column[p + 9]), sum);
            sum = x10.fma(FloatVector.broadcast(SPECIES, column[p + 10]), sum);
            sum = x11.fma(FloatVector.broadcast(SPECIES, column[p + 11]), sum);
            sum = x12.fma(FloatVector.broadcast(SPECIES, column[p + 12]), sum);
            sum = x13.fma(FloatVector.broadcast(SPECIES, column[p + 13]), sum);
            sum = x14.fma(FloatVector.broadcast(SPECIES, column[p + 14]), sum);
            sum = x15.fma(FloatVector.broadcast(SPECIES, column[p + 15]), sum);
        }
        FloatTile.exact(sum).intoArray(sums, 0);
    }
}
