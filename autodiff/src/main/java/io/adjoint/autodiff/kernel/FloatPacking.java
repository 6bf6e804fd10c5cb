package io.adjoint.autodiff.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Copies of matrix blocks in the order in which {@link FloatTile} reads them. The build derives the float64 twin from
 * this source.
 */
final class FloatPacking {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    private static final int LANES = SPECIES.length();
    private static final VectorShape FOUR_SHAPE = VectorShape.forBitSize(4 * Float.SIZE);
    private static final VectorSpecies<Float> FOUR = VectorSpecies.of(float.class, FOUR_SHAPE);
    private static final boolean HAS_FOUR = FOUR.length() <= SPECIES.length();
    private static final VectorShuffle<Float> HALVES = VectorShuffle.fromValues(FOUR, 2, 3, 0, 1);
    private static final VectorShuffle<Float> NEIGHBOURS = VectorShuffle.fromValues(FOUR, 1, 0, 3, 2);
    private static final VectorMask<Float> UPPER = VectorMask.fromLong(FOUR, 0b1100);
    private static final VectorMask<Float> ODD = VectorMask.fromLong(FOUR, 0b1010);

    /** So few rows at once that a cache line is still near when the next panel wants the rest of it. */
    private static final int BAND = 64;

    private FloatPacking() {}

    /** Room for all panels. */
    static int size(FloatMatrix from, int width) {
        return Math.ceilDiv(from.columns(), width) * width * from.rows();
    }

    /**
     * Cuts a matrix into panels of {@code width} columns, a multiple of four, each row-major without gaps. The last panel
     * repeats the last column where there are no more; nobody looks at what is computed from it.
     */
    static void pack(FloatMatrix from, int width, float[] to) {
        int depth = from.rows();
        int band = from.rowStride() == 1 ? depth : BAND;
        for (int p = 0; p < depth; p += band) {
            int rows = Math.min(band, depth - p);
            for (int column = 0; column < from.columns(); column += width) {
                FloatMatrix panel = from.part(p, column, rows, Math.min(width, from.columns() - column));
                int at = column * depth + p * width;
                boolean copies = panel.columns() == width && panel.columnStride() == 1;
                if (copies && width == FloatTile.COLUMNS) {
                    copyPairs(rows, panel.data(), panel.offset(), panel.rowStride(), to, at);
                } else if (copies && width == LANES) {
                    copyVectors(rows, panel.data(), panel.offset(), panel.rowStride(), to, at);
                } else {
                    interleave(panel, width, to, at);
                }
            }
        }
    }

    private static void copyPairs(int rows, float[] from, int offset, int stride, float[] to, int at) {
        for (int p = 0; p < rows; p++) {
            FloatVector x = FloatVector.fromArray(SPECIES, from, offset + p * stride);
            FloatVector y = FloatVector.fromArray(SPECIES, from, offset + p * stride + LANES);
            x.intoArray(to, at + p * FloatTile.COLUMNS);
            y.intoArray(to, at + p * FloatTile.COLUMNS + LANES);
        }
    }

    private static void copyVectors(int rows, float[] from, int offset, int stride, float[] to, int at) {
        for (int p = 0; p < rows; p++) {
            FloatVector.fromArray(SPECIES, from, offset + p * stride).intoArray(to, at + p * LANES);
        }
    }

    private static void interleave(FloatMatrix panel, int width, float[] to, int at) {
        int last = panel.columns() - 1;
        for (int column = 0; column < width; column += 4) {
            int c0 = panel.at(0, Math.min(column, last));
            int c1 = panel.at(0, Math.min(column + 1, last));
            int c2 = panel.at(0, Math.min(column + 2, last));
            int c3 = panel.at(0, Math.min(column + 3, last));
            int done = 0;
            if (panel.rowStride() == 1 && HAS_FOUR) {
                done = panel.rows() & -4;
                transposeFours(done, panel.data(), c0, c1, c2, c3, to, at + column, width);
            }
            interleave(panel, done, c0, c1, c2, c3, to, at + column, width);
        }
    }

    /** Squares of four by four are transposed in registers: first their halves change places, then neighbours do. */
    private static void transposeFours(
            int rows, float[] from, int c0, int c1, int c2, int c3, float[] to, int at, int width) {
        for (int p = 0; p < rows; p += 4) {
            FloatVector x0 = FloatVector.fromArray(FOUR, from, c0 + p);
            FloatVector x1 = FloatVector.fromArray(FOUR, from, c1 + p);
            FloatVector x2 = FloatVector.fromArray(FOUR, from, c2 + p);
            FloatVector x3 = FloatVector.fromArray(FOUR, from, c3 + p);
            FloatVector y0 = x0.blend(x2.rearrange(HALVES), UPPER);
            FloatVector y2 = x0.rearrange(HALVES).blend(x2, UPPER);
            FloatVector y1 = x1.blend(x3.rearrange(HALVES), UPPER);
            FloatVector y3 = x1.rearrange(HALVES).blend(x3, UPPER);
            y0.blend(y1.rearrange(NEIGHBOURS), ODD).intoArray(to, at + p * width);
            y0.rearrange(NEIGHBOURS).blend(y1, ODD).intoArray(to, at + p * width + width);
            y2.blend(y3.rearrange(NEIGHBOURS), ODD).intoArray(to, at + p * width + 2 * width);
            y2.rearrange(NEIGHBOURS).blend(y3, ODD).intoArray(to, at + p * width + 3 * width);
        }
    }

    private static void interleave(
            FloatMatrix panel, int begin, int c0, int c1, int c2, int c3, float[] to, int at, int width) {
        float[] from = panel.data();
        int stride = panel.rowStride();
        for (int p = begin; p < panel.rows(); p++) {
            to[at + p * width] = from[c0 + p * stride];
            to[at + p * width + 1] = from[c1 + p * stride];
            to[at + p * width + 2] = from[c2 + p * stride];
            to[at + p * width + 3] = from[c3 + p * stride];
        }
    }
}
