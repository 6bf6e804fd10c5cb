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

    /** Columns of a panel that are transposed at once where vectors hold twice as many, each cache line in one load. */
    private static final int EIGHT = 8;

    private static final boolean HAS_EIGHT = LANES == 2 * EIGHT;
    private static final VectorSpecies<Float> HALF = FloatPatches.HALF;
    private static final Class<? extends FloatVector> TYPE = FloatVector.zero(HALF).getClass();
    private static final VectorShuffle<Float> BY_EIGHT = exchange(EIGHT);
    private static final VectorShuffle<Float> BY_FOUR = exchange(4);
    private static final VectorShuffle<Float> BY_TWO = exchange(2);
    private static final VectorShuffle<Float> BY_ONE = exchange(1);
    private static final VectorMask<Float> ODD_FOURS = VectorMask.fromLong(SPECIES, 0xf0f0);
    private static final VectorMask<Float> ODD_TWOS = VectorMask.fromLong(SPECIES, 0xcccc);
    private static final VectorMask<Float> ODD_ONES = VectorMask.fromLong(SPECIES, 0xaaaa);

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

    /** Cuts a matrix into panels, each row-major without gaps, the widths of which are multiples of four. */
    static void pack(FloatMatrix from, FloatCut cut, Beyond beyond, float[] to) {
        pack(from, cut, beyond, to, from.rows(), 0);
    }

    /** The same for a matrix that is some rows, from {@code begin} on, of one with {@code total} rows. */
    static void pack(FloatMatrix from, FloatCut cut, Beyond beyond, float[] to, int total, int begin) {
        int depth = from.rows();
        int columns = from.columns();
        boolean areVectors = cut.wide() == 0 && cut.rest() == LANES && from.columnStride() == 1;
        int fours = areVectors ? columns - columns % (4 * LANES) : 0;
        int band = from.rowStride() == 1 ? depth : BAND;
        for (int p = 0; p < depth; p += band) {
            int rows = Math.min(band, depth - p);
            for (int column = 0; column < fours; column += 4 * LANES) {
                copyFourPanels(rows, from.data(), from.at(p, column), from.rowStride(), to,
                        column * total + (begin + p) * LANES, LANES * total);
            }
            for (int column = fours; column < columns;) {
                int panel = cut.width(column);
                packPanel(from, p, rows, column, panel, beyond, to, column * total + (begin + p) * panel);
                column += panel;
            }
        }
    }

    /** Some rows of one panel, which begins at {@code column}. */
    private static void packPanel(FloatMatrix from, int row, int rows, int column, int width, Beyond beyond, float[] to,
            int at) {
        int rowStride = from.rowStride();
        int columnStride = from.columnStride();
        int columns = Math.min(width, from.columns() - column);
        int source = from.at(row, column);
        int whole = columns == width ? rows : beyond == Beyond.LAST ? 0 : followed(from, source, rows, width);
        int copied = columnStride == 1 ? copy(whole, from.data(), source, rowStride, width, to, at) : 0;
        int filled = beyond == Beyond.LAST ? width : columns;
        interleave(from.data(), source + copied * rowStride, rows - copied, columns, filled, rowStride,
                columnStride, width, to, at + copied * width);
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
        } else if (width == FloatWideTile.COLUMNS) {
            copyTriples(rows, from, source, rowStride, to, at);
        } else if (width == FloatBroadTile.COLUMNS) {
            copyQuadruples(rows, from, source, rowStride, to, at);
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

    private static void copyTriples(int rows, float[] from, int offset, int stride, float[] to, int at) {
        for (int p = 0; p < rows; p++) {
            FloatVector x = FloatVector.fromArray(SPECIES, from, offset + p * stride);
            FloatVector y = FloatVector.fromArray(SPECIES, from, offset + p * stride + LANES);
            FloatVector z = FloatVector.fromArray(SPECIES, from, offset + p * stride + 2 * LANES);
            FloatTile.exact(x).intoArray(to, at + p * FloatWideTile.COLUMNS);
            FloatTile.exact(y).intoArray(to, at + p * FloatWideTile.COLUMNS + LANES);
            FloatTile.exact(z).intoArray(to, at + p * FloatWideTile.COLUMNS + 2 * LANES);
        }
    }

    private static void copyQuadruples(int rows, float[] from, int offset, int stride, float[] to, int at) {
        for (int p = 0; p < rows; p++) {
            FloatVector x = FloatVector.fromArray(SPECIES, from, offset + p * stride);
            FloatVector y = FloatVector.fromArray(SPECIES, from, offset + p * stride + LANES);
            FloatVector z = FloatVector.fromArray(SPECIES, from, offset + p * stride + 2 * LANES);
            FloatVector w = FloatVector.fromArray(SPECIES, from, offset + p * stride + 3 * LANES);
            FloatTile.exact(x).intoArray(to, at + p * FloatBroadTile.COLUMNS);
            FloatTile.exact(y).intoArray(to, at + p * FloatBroadTile.COLUMNS + LANES);
            FloatTile.exact(z).intoArray(to, at + p * FloatBroadTile.COLUMNS + 2 * LANES);
            FloatTile.exact(w).intoArray(to, at + p * FloatBroadTile.COLUMNS + 3 * LANES);
        }
    }

    private static void copyVectors(int rows, float[] from, int offset, int stride, float[] to, int at) {
        for (int p = 0; p < rows; p++) {
            FloatTile.exact(FloatVector.fromArray(SPECIES, from, offset + p * stride)).intoArray(to, at + p * LANES);
        }
    }

    /** Rows of four panels of one vector each, which lie {@code apart}: elements that lie together are read together. */
    private static void copyFourPanels(int rows, float[] from, int offset, int stride, float[] to, int at, int apart) {
        for (int p = 0; p < rows; p++) {
            FloatVector x = FloatVector.fromArray(SPECIES, from, offset + p * stride);
            FloatVector y = FloatVector.fromArray(SPECIES, from, offset + p * stride + LANES);
            FloatVector z = FloatVector.fromArray(SPECIES, from, offset + p * stride + 2 * LANES);
            FloatVector w = FloatVector.fromArray(SPECIES, from, offset + p * stride + 3 * LANES);
            FloatTile.exact(x).intoArray(to, at + p * LANES);
            FloatTile.exact(y).intoArray(to, at + apart + p * LANES);
            FloatTile.exact(z).intoArray(to, at + 2 * apart + p * LANES);
            FloatTile.exact(w).intoArray(to, at + 3 * apart + p * LANES);
        }
    }

    private static void copyFours(int rows, float[] from, int offset, int stride, float[] to, int at) {
        for (int p = 0; p < rows; p++) {
            FloatVector.fromArray(FOUR, from, offset + p * stride).intoArray(to, at + p * 4);
        }
    }

    /** @param filled columns of the panel that hold something afterwards, or a few more */
    private static void interleave(float[] from, int begin, int rows, int columns, int filled, int rowStride,
            int columnStride, int width, float[] to, int at) {
        int last = columns - 1;
        int eights = rowStride == 1 && HAS_EIGHT && width % EIGHT == 0 ? Math.max(0, rows & -LANES) : 0;
        for (int column = 0; eights > 0 && column < filled; column += EIGHT) {
            int first = Math.min(column, last);
            transposeEights(eights, from, begin + first * columnStride, columnStride, last - first, to, at + column,
                    width);
        }
        for (int column = 0; rows > 0 && column < filled; column += 4) {
            int c0 = begin + Math.min(column, last) * columnStride;
            int c1 = begin + Math.min(column + 1, last) * columnStride;
            int c2 = begin + Math.min(column + 2, last) * columnStride;
            int c3 = begin + Math.min(column + 3, last) * columnStride;
            int done = eights;
            if (rowStride == 1 && HAS_FOUR) {
                done = rows & -4;
                transposeFours(eights, done, from, c0, c1, c2, c3, to, at + column, width);
            }
            interleave(from, done, rows, rowStride, c0, c1, c2, c3, to, at + column, width);
        }
    }

    /** Columns that lie {@code stride} apart as a panel of one vector, of which the last one fills the rest. */
    static void beside(int rows, float[] from, int begin, int stride, int columns, float[] to, int at) {
        interleave(from, begin, rows, columns, LANES, 1, stride, LANES, to, at);
    }

    /** The same as a panel of some width, a multiple of four; what is in the columns beyond them is for nobody. */
    static void beside(int rows, float[] from, int begin, int stride, int columns, int width, float[] to, int at) {
        interleave(from, begin, rows, columns, columns, 1, stride, width, to, at);
    }

    /** Which lanes change places with those so many further. */
    private static VectorShuffle<Float> exchange(int distance) {
        return VectorShuffle.fromOp(SPECIES, lane -> lane ^ distance & LANES - 1);
    }

    /**
     * Eight columns of sixteen elements each. A number of a column and a bit of a number of an element change places three
     * times, by fours, by twos and by ones, so that each half of a vector is part of a row.
     */
    private static void transposeEights(int rows, float[] from, int c0, int stride, int last, float[] to, int at,
            int width) {
        int c1 = c0 + Math.min(1, last) * stride;
        int c2 = c0 + Math.min(2, last) * stride;
        int c3 = c0 + Math.min(3, last) * stride;
        int c4 = c0 + Math.min(4, last) * stride;
        int c5 = c0 + Math.min(5, last) * stride;
        int c6 = c0 + Math.min(6, last) * stride;
        int c7 = c0 + Math.min(7, last) * stride;
        for (int p = 0; p < rows; p += LANES) {
            FloatVector a0 = FloatVector.fromArray(SPECIES, from, c0 + p);
            FloatVector a1 = FloatVector.fromArray(SPECIES, from, c1 + p);
            FloatVector a2 = FloatVector.fromArray(SPECIES, from, c2 + p);
            FloatVector a3 = FloatVector.fromArray(SPECIES, from, c3 + p);
            FloatVector a4 = FloatVector.fromArray(SPECIES, from, c4 + p);
            FloatVector a5 = FloatVector.fromArray(SPECIES, from, c5 + p);
            FloatVector a6 = FloatVector.fromArray(SPECIES, from, c6 + p);
            FloatVector a7 = FloatVector.fromArray(SPECIES, from, c7 + p);
            FloatVector b0 = a0.blend(a4.rearrange(BY_FOUR), ODD_FOURS);
            FloatVector b4 = a0.rearrange(BY_FOUR).blend(a4, ODD_FOURS);
            FloatVector b1 = a1.blend(a5.rearrange(BY_FOUR), ODD_FOURS);
            FloatVector b5 = a1.rearrange(BY_FOUR).blend(a5, ODD_FOURS);
            FloatVector b2 = a2.blend(a6.rearrange(BY_FOUR), ODD_FOURS);
            FloatVector b6 = a2.rearrange(BY_FOUR).blend(a6, ODD_FOURS);
            FloatVector b3 = a3.blend(a7.rearrange(BY_FOUR), ODD_FOURS);
            FloatVector b7 = a3.rearrange(BY_FOUR).blend(a7, ODD_FOURS);
            a0 = b0.blend(b2.rearrange(BY_TWO), ODD_TWOS);
            a2 = b0.rearrange(BY_TWO).blend(b2, ODD_TWOS);
            a1 = b1.blend(b3.rearrange(BY_TWO), ODD_TWOS);
            a3 = b1.rearrange(BY_TWO).blend(b3, ODD_TWOS);
            a4 = b4.blend(b6.rearrange(BY_TWO), ODD_TWOS);
            a6 = b4.rearrange(BY_TWO).blend(b6, ODD_TWOS);
            a5 = b5.blend(b7.rearrange(BY_TWO), ODD_TWOS);
            a7 = b5.rearrange(BY_TWO).blend(b7, ODD_TWOS);
            b0 = a0.blend(a1.rearrange(BY_ONE), ODD_ONES);
            b1 = a0.rearrange(BY_ONE).blend(a1, ODD_ONES);
            b2 = a2.blend(a3.rearrange(BY_ONE), ODD_ONES);
            b3 = a2.rearrange(BY_ONE).blend(a3, ODD_ONES);
            b4 = a4.blend(a5.rearrange(BY_ONE), ODD_ONES);
            b5 = a4.rearrange(BY_ONE).blend(a5, ODD_ONES);
            b6 = a6.blend(a7.rearrange(BY_ONE), ODD_ONES);
            b7 = a6.rearrange(BY_ONE).blend(a7, ODD_ONES);
            int next = at + p * width;
            TYPE.cast(b0.reinterpretShape(HALF, 0)).intoArray(to, next);
            TYPE.cast(b1.reinterpretShape(HALF, 0)).intoArray(to, next + 1 * width);
            TYPE.cast(b2.reinterpretShape(HALF, 0)).intoArray(to, next + 2 * width);
            TYPE.cast(b3.reinterpretShape(HALF, 0)).intoArray(to, next + 3 * width);
            TYPE.cast(b4.reinterpretShape(HALF, 0)).intoArray(to, next + 4 * width);
            TYPE.cast(b5.reinterpretShape(HALF, 0)).intoArray(to, next + 5 * width);
            TYPE.cast(b6.reinterpretShape(HALF, 0)).intoArray(to, next + 6 * width);
            TYPE.cast(b7.reinterpretShape(HALF, 0)).intoArray(to, next + 7 * width);
            TYPE.cast(b0.rearrange(BY_EIGHT).reinterpretShape(HALF, 0)).intoArray(to, next + 8 * width);
            TYPE.cast(b1.rearrange(BY_EIGHT).reinterpretShape(HALF, 0)).intoArray(to, next + 9 * width);
            TYPE.cast(b2.rearrange(BY_EIGHT).reinterpretShape(HALF, 0)).intoArray(to, next + 10 * width);
            TYPE.cast(b3.rearrange(BY_EIGHT).reinterpretShape(HALF, 0)).intoArray(to, next + 11 * width);
            TYPE.cast(b4.rearrange(BY_EIGHT).reinterpretShape(HALF, 0)).intoArray(to, next + 12 * width);
            TYPE.cast(b5.rearrange(BY_EIGHT).reinterpretShape(HALF, 0)).intoArray(to, next + 13 * width);
            TYPE.cast(b6.rearrange(BY_EIGHT).reinterpretShape(HALF, 0)).intoArray(to, next + 14 * width);
            TYPE.cast(b7.rearrange(BY_EIGHT).reinterpretShape(HALF, 0)).intoArray(to, next + 15 * width);
        }
    }

    /** Squares of four by four are transposed in registers: first their halves change places, then neighbours do. */
    private static void transposeFours(
            int begin, int rows, float[] from, int c0, int c1, int c2, int c3, float[] to, int at, int width) {
        for (int p = begin; p < rows; p += 4) {
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
    static int transpose(int rows, int columns, float[] from, int begin, int stride, float[] to, int at,
            int toStride) {
        if (!HAS_FOUR || columns % 4 != 0) {
            return 0;
        }
        int done = rows & -4;
        for (int row = 0; row < done; row += 4) {
            int c0 = begin + row * stride;
            transposeFours(0, columns, from, c0, c0 + stride, c0 + 2 * stride, c0 + 3 * stride, to, at + row, toStride);
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
