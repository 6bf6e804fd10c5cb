package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Workers;

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
    static void run(Array x, MaxPlaceKernel.Spans rows, MaxPlaceKernel.Spans columns, int plane, Array out) {
        int width = x.shape().dim(-1);
        int windows = rows.from().length * columns.from().length;
        int planes = x.size() / plane;
        int parts = (int) Math.min(4L * Workers.threads(), 1 + x.size() / Pieces.GRAIN);
        Workers.forEach(parts, part -> {
            for (int p = Tiling.begin(part, parts, planes); p < Tiling.begin(part + 1, parts, planes); p++) {
                plane(x.floats(), x.offset() + p * plane, width, rows, columns, out.longs(),
                        out.offset() + p * windows);
            }
        });
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
                places[next++] =
                        best(x, row + columns.from()[i], rows.count()[o], down, columns.count()[i], across) - base;
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

    private static int best(float[] x, int at, int rows, int down, int columns, int across) {
        int best = at;
        float value = x[at];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                int place = at + r * down + c * across;
                float v = x[place];
                best = v > value ? place : best;
                value = Math.max(value, v);
            }
        }
        return value == value ? best : lastNaN(x, at, rows, down, columns, across);
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
