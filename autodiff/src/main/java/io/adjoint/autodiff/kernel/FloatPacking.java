package io.adjoint.autodiff.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Copies of matrix blocks in the order in which {@link FloatTile} reads them. The build derives the float64 twin from
 * this source.
 */
final class FloatPacking {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    /** So few rows at once that a cache line is still there when the next panel wants the rest of it. */
    private static final int BAND = 8;

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
                if (width == FloatTile.COLUMNS && panel.columns() == width && panel.columnStride() == 1) {
                    copy(rows, panel.data(), panel.offset(), panel.rowStride(), to, at);
                } else {
                    interleave(panel, width, to, at);
                }
            }
        }
    }

    private static void copy(int rows, float[] from, int offset, int stride, float[] to, int at) {
        for (int p = 0; p < rows; p++) {
            FloatVector x = FloatVector.fromArray(SPECIES, from, offset + p * stride);
            FloatVector y = FloatVector.fromArray(SPECIES, from, offset + p * stride + FloatTile.LANES);
            x.intoArray(to, at + p * FloatTile.COLUMNS);
            y.intoArray(to, at + p * FloatTile.COLUMNS + FloatTile.LANES);
        }
    }

    private static void interleave(FloatMatrix panel, int width, float[] to, int at) {
        int last = panel.columns() - 1;
        for (int column = 0; column < width; column += 4) {
            int c0 = panel.at(0, Math.min(column, last));
            int c1 = panel.at(0, Math.min(column + 1, last));
            int c2 = panel.at(0, Math.min(column + 2, last));
            int c3 = panel.at(0, Math.min(column + 3, last));
            if (panel.rowStride() == 1) {
                interleave(panel.rows(), panel.data(), c0, c1, c2, c3, to, at + column, width);
            } else {
                interleave(panel.rows(), panel.data(), c0, c1, c2, c3, panel.rowStride(), to, at + column, width);
            }
        }
    }

    /** Without a stride in the source, which spares C2 its range checks. */
    private static void interleave(
            int rows, float[] from, int c0, int c1, int c2, int c3, float[] to, int at, int width) {
        for (int p = 0; p < rows; p++) {
            to[at + p * width] = from[c0 + p];
            to[at + p * width + 1] = from[c1 + p];
            to[at + p * width + 2] = from[c2 + p];
            to[at + p * width + 3] = from[c3 + p];
        }
    }

    private static void interleave(
            int rows, float[] from, int c0, int c1, int c2, int c3, int stride, float[] to, int at, int width) {
        for (int p = 0; p < rows; p++) {
            to[at + p * width] = from[c0 + p * stride];
            to[at + p * width + 1] = from[c1 + p * stride];
            to[at + p * width + 2] = from[c2 + p * stride];
            to[at + p * width + 3] = from[c3 + p * stride];
        }
    }
}
