package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;

/**
 * {@link MaxPlaceKernel} for planes of two axes, without a branch on what is greater, which nobody could predict. The build
 * derives the float64 twin from this source.
 */
final class FloatMaxPlaces {
    private FloatMaxPlaces() {}

    /**
     * @param x planes, contiguous
     * @param plane elements of one
     */
    static Launch prepare(Array x, MaxPlaceKernel.Spans rows, MaxPlaceKernel.Spans columns, int plane, Array out) {
        int width = x.shape().dim(-1);
        int windows = rows.from().length * columns.from().length;
        return MaxPlaceKernel.planes(x.size() / plane, plane,
                p -> plane(x.floats(), x.offset() + p * plane, width, rows,
                        columns, out.longs(), out.offset() + p * windows));
    }

    private static void plane(float[] x, int base, int width, MaxPlaceKernel.Spans rows, MaxPlaceKernel.Spans columns,
            long[] places, int next) {
        int down = rows.step() * width;
        int across = columns.step();
        for (int o = 0; o < rows.from().length; o++) {
            int row = base + rows.from()[o] * width;
            if (rows.count()[o] == 2) {
                next = pairs(x, base, row, down, columns, places, next);
                continue;
            }
            for (int i = 0; i < columns.from().length; i++) {
                int at = row + columns.from()[i];
                int best = rows.count()[o] == 3 && columns.count()[i] == 3 ? bestOfNine(x, at, down, across)
                        : best(x, at, rows.count()[o], down, columns.count()[i], across);
                places[next++] = best - base;
            }
        }
    }

    /** A row of windows of two rows. */
    private static int pairs(float[] x, int base, int row, int down, MaxPlaceKernel.Spans columns, long[] places,
            int next) {
        int across = columns.step();
        for (int i = 0; i < columns.from().length; i++) {
            int at = row + columns.from()[i];
            if (columns.count()[i] != 2) {
                places[next++] = best(x, at, 2, down, columns.count()[i], across) - base;
                continue;
            }
            float v1 = x[at + across];
            float v2 = x[at + down];
            float v3 = x[at + down + across];
            int best = at;
            float value = x[at];
            best = v1 > value ? at + across : best;
            value = Math.max(value, v1);
            best = v2 > value ? at + down : best;
            value = Math.max(value, v2);
            best = v3 > value ? at + down + across : best;
            value = Math.max(value, v3);
            places[next++] = (value == value ? best : lastNaN(x, at, 2, down, 2, across)) - base;
        }
        return next;
    }

    /** Each row by itself first, so that rows need not wait for each other. */
    private static int best(float[] x, int at, int rows, int down, int columns, int across) {
        int best = at;
        float value = x[at];
        for (int r = 0; r < rows; r++) {
            int row = at + r * down;
            int bestOfRow = row;
            float valueOfRow = x[row];
            for (int c = 1; c < columns; c++) {
                int place = row + c * across;
                float v = x[place];
                bestOfRow = v > valueOfRow ? place : bestOfRow;
                valueOfRow = Math.max(valueOfRow, v);
            }
            best = valueOfRow > value ? bestOfRow : best;
            value = Math.max(value, valueOfRow);
        }
        return value == value ? best : lastNaN(x, at, rows, down, columns, across);
    }

    private static int bestOfNine(float[] x, int at, int down, int across) {
        int best = at;
        float value = x[at];
        for (int r = 0; r < 3; r++) {
            int p0 = at + r * down;
            int p1 = p0 + across;
            int p2 = p1 + across;
            float v0 = x[p0];
            float v1 = x[p1];
            float v2 = x[p2];
            int bestOfRow = v1 > v0 ? p1 : p0;
            float valueOfRow = Math.max(v0, v1);
            bestOfRow = v2 > valueOfRow ? p2 : bestOfRow;
            valueOfRow = Math.max(valueOfRow, v2);
            best = valueOfRow > value ? bestOfRow : best;
            value = Math.max(value, valueOfRow);
        }
        return value == value ? best : lastNaN(x, at, 3, down, 3, across);
    }

    private static int lastNaN(float[] x, int at, int rows, int down, int columns, int across) {
        int last = at;
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                int place = at + r * down + c * across;
                last = x[place] == x[place] ? last : place;
            }
        }
        return last;
    }
}
