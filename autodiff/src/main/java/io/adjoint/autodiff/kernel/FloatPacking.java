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

    /** What the last panel holds where there are no more columns. */
    enum Beyond {
        /** The last column again: whoever meets it stores the same result twice. */
        LAST,
        /** Whatever elements come next in the array, for nobody looks at what is computed from them. */
        ANYTHING
    }

    /** Room for all panels. */
    static int size(FloatMatrix from, int width) {
        return Math.ceilDiv(from.columns(), width) * width * from.rows();
    }

    /** Cuts a matrix into panels of {@code width} columns, a multiple of four, each row-major without gaps. */
    static void pack(FloatMatrix from, int width, Beyond beyond, float[] to) {
        pack(from, width, beyond, to, from.rows(), 0);
    }

    /** The same for a matrix that is some rows, from {@code begin} on, of one with {@code total} rows. */
    static void pack(FloatMatrix from, int width, Beyond beyond, float[] to, int total, int begin) {
        int depth = from.rows();
        int rowStride = from.rowStride();
        int columnStride = from.columnStride();
        int band = rowStride == 1 ? depth : BAND;
        for (int p = 0; p < depth; p += band) {
            int rows = Math.min(band, depth - p);
            for (int column = 0; column < from.columns(); column += width) {
                int columns = Math.min(width, from.columns() - column);
                int source = from.at(p, column);
                int at = column * total + (begin + p) * width;
                int whole = columns == width ? rows : beyond == Beyond.LAST ? 0 : followed(from, source, rows, width);
                int copied = columnStride == 1 ? copy(whole, from.data(), source, rowStride, width, to, at) : 0;
                interleave(from.data(), source + copied * rowStride, rows - copied, columns, rowStride, columnStride,
                        width, to, at + copied * width);
            }
        }
    }

    /** After how many of the rows other elements come, up to the width of a panel. */
    private static int followed(FloatMatrix from, int source, int rows, int width) {
        int room = from.data().length - width - source;
        return from.rowStride() <= 0 || room < 0 ? 0 : Math.min(rows, room / from.rowStride() + 1);
    }

    /** Copies rows if there is a way for this width; how many are done. */
    private static int copy(int rows, float[] from, int source, int rowStride, int width, float[] to, int at) {
        if (width == FloatTile.COLUMNS) {
            copyPairs(rows, from, source, rowStride, to, at);
        } else if (width == LANES) {
            copyVectors(rows, from, source, rowStride, to, at);
        } else if (width == 4 && HAS_FOUR) {
            copyFours(rows, from, source, rowStride, to, at);
        } else {
            return 0;
        }
        return rows;
    }

    private static void copyPairs(int rows, float[] from, int offset, int stride, float[] to, int at) {
        for (int p = 0; p < rows; p++) {
            FloatVector x = FloatVector.fromArray(SPECIES, from, offset + p * stride);
            FloatVector y = FloatVector.fromArray(SPECIES, from, offset + p * stride + LANES);
            FloatTile.exact(x).intoArray(to, at + p * FloatTile.COLUMNS);
            FloatTile.exact(y).intoArray(to, at + p * FloatTile.COLUMNS + LANES);
        }
    }

    private static void copyVectors(int rows, float[] from, int offset, int stride, float[] to, int at) {
        for (int p = 0; p < rows; p++) {
            FloatTile.exact(FloatVector.fromArray(SPECIES, from, offset + p * stride)).intoArray(to, at + p * LANES);
        }
    }

    private static void copyFours(int rows, float[] from, int offset, int stride, float[] to, int at) {
        for (int p = 0; p < rows; p++) {
            FloatVector.fromArray(FOUR, from, offset + p * stride).intoArray(to, at + p * 4);
        }
    }

    private static void interleave(float[] from, int begin, int rows, int columns, int rowStride, int columnStride,
            int width, float[] to, int at) {
        int last = columns - 1;
        for (int column = 0; rows > 0 && column < width; column += 4) {
            int c0 = begin + Math.min(column, last) * columnStride;
            int c1 = begin + Math.min(column + 1, last) * columnStride;
            int c2 = begin + Math.min(column + 2, last) * columnStride;
            int c3 = begin + Math.min(column + 3, last) * columnStride;
            int done = 0;
            if (rowStride == 1 && HAS_FOUR) {
                done = rows & -4;
                transposeFours(done, from, c0, c1, c2, c3, to, at + column, width);
            }
            interleave(from, done, rows, rowStride, c0, c1, c2, c3, to, at + column, width);
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

    /** Exchanges rows and columns of a matrix as far as there are whole squares of four; how many rows of it are done. */
    static int transpose(int rows, int columns, float[] from, int stride, float[] to, int at, int toStride) {
        if (!HAS_FOUR || columns % 4 != 0) {
            return 0;
        }
        int done = rows & -4;
        for (int row = 0; row < done; row += 4) {
            int c0 = row * stride;
            transposeFours(columns, from, c0, c0 + stride, c0 + 2 * stride, c0 + 3 * stride, to, at + row, toStride);
        }
        return done;
    }

    private static void interleave(float[] from, int begin, int rows, int stride, int c0, int c1, int c2, int c3,
            float[] to, int at, int width) {
        for (int p = begin; p < rows; p++) {
            to[at + p * width] = from[c0 + p * stride];
            to[at + p * width + 1] = from[c1 + p * stride];
            to[at + p * width + 2] = from[c2 + p * stride];
            to[at + p * width + 3] = from[c3 + p * stride];
        }
    }
}
