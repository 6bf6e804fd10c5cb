package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Array;

/**
 * The filters of a group, as panels of {@link FloatSightTile#FILTERS} in the order of the sums: the first axis of the taps, channels, the
 * other axes. The build derives the float64 twin from this source.
 *
 * @param weight of all groups
 * @param first filter of the group
 * @param order where the elements of a filter are
 * @param count of the filters
 * @param panels the filters once they are loaded
 */
record FloatFilters(Array weight, int first, int[] order, int count, float[] panels) {
    /** The filters of each group, with room for the panels. */
    static FloatFilters[] of(Array weight, int groups) {
        int[] order = order(weight);
        int count = weight.shape().dim(0) / groups;
        FloatFilters[] filters = new FloatFilters[groups];
        for (int group = 0; group < groups; group++) {
            float[] panels = new float[rounded(count) * order.length];
            filters[group] = new FloatFilters(weight, group * count, order, count, panels);
        }
        return filters;
    }

    private static int rounded(int count) {
        return Math.ceilDiv(count, FloatSightTile.FILTERS) * FloatSightTile.FILTERS;
    }

    /** Reads the weight. */
    void load() {
        float[] from = weight.floats();
        for (int k = 0; k < rounded(count); k++) { // the last filter fills up the last panel, since tiles store it again
            int at = weight.offset() + (first + Math.min(k, count - 1)) * weight.stride(0);
            int to = k / FloatSightTile.FILTERS * FloatSightTile.FILTERS * depth() + k % FloatSightTile.FILTERS;
            copy(from, at, order, panels, to);
        }
    }

    /** Where an element of a filter is. */
    int at(int filter, int element) {
        int panel = filter / FloatSightTile.FILTERS * FloatSightTile.FILTERS;
        return panel * depth() + element * FloatSightTile.FILTERS + filter - panel;
    }

    /** Elements of a filter. */
    int depth() {
        return order.length;
    }

    private static void copy(float[] from, int at, int[] order, float[] to, int next) {
        for (int p = 0; p < order.length; p++) {
            to[next + p * FloatSightTile.FILTERS] = from[at + order[p]];
        }
    }

    /** Where the elements of a filter are. */
    private static int[] order(Array weight) {
        int[] dims = weight.shape().dims();
        int rest = 1;
        for (int axis = 3; axis < dims.length; axis++) {
            rest *= dims[axis];
        }
        int[] order = new int[dims[1] * dims[2] * rest];
        for (int p = 0; p < order.length; p++) {
            int left = p % rest;
            order[p] = p / rest / dims[1] * weight.stride(2) + p / rest % dims[1] * weight.stride(1);
            for (int axis = dims.length - 1; axis >= 3; axis--) {
                order[p] += left % dims[axis] * weight.stride(axis);
                left /= dims[axis];
            }
        }
        return order;
    }

    /**
     * Adds {@code deep} products for each filter, from element {@code p} on, to the sums for some windows, or begins them if
     * {@code p} is 0.
     *
     * @param panel what the windows see, from {@code b0} on
     * @param columns number of windows
     * @param stride from one filter's sums to the next's
     */
    void multiply(int p, int deep, float[] panel, int b0, int columns, int stride, float[] out, int target,
            float[] edge) {
        boolean whole = columns == FloatSightTile.COLUMNS;
        float[] c = whole ? out : edge;
        float[] from = p == 0 ? FloatPatches.ZEROS : c;
        int cStride = whole ? stride : FloatSightTile.COLUMNS;
        int fStride = p == 0 ? 0 : cStride;
        for (int k = 0; k < count; k += FloatSightTile.FILTERS) {
            int rows = Math.min(FloatSightTile.FILTERS, count - k);
            int at = target + k * stride;
            int c0 = whole ? at : 0;
            if (!whole && p > 0) {
                copy(rows, columns, out, at, stride, edge, 0, FloatSightTile.COLUMNS);
            }
            FloatSightTile.filters(deep, rows, panels, k * depth() + p * FloatSightTile.FILTERS, panel, b0, from,
                    p == 0 ? 0 : c0,
                    fStride, c, c0, cStride);
            if (!whole) {
                copy(rows, columns, edge, 0, FloatSightTile.COLUMNS, out, at, stride);
            }
        }
    }

    private static void copy(int rows, int columns, float[] from, int at, int stride, float[] to, int toAt,
            int toStride) {
        for (int row = 0; row < rows; row++) {
            System.arraycopy(from, at + row * stride, to, toAt + row * toStride, columns);
        }
    }

    /**
     * Adds {@code deep} products, from element {@code p} on, to the sums for places side by side of {@code rows} filters of the
     * panel that begins with filter {@code k}, or begins them if {@code p} is 0.
     *
     * @param x where the first element of the first window lies, if its offset were 0
     * @param places how many; what is computed beyond them lies in room up to {@code width}
     * @param width from one filter's sums to the next's, whole {@link FloatSightTile#STRIP}s
     */
    void look(int k, int rows, int p, int deep, float[] padded, int x, int[] offsets, int places, int width,
            float[] sums) {
        float[] from = p == 0 ? FloatPatches.ZEROS : sums;
        int fStride = p == 0 ? 0 : width;
        int a0 = k * depth() + p * FloatSightTile.FILTERS;
        boolean isWide = rows > FloatSightTile.ROWS && rows <= FloatTallTile.FEW;
        int step = isWide ? FloatSightTile.STRIP : FloatSightTile.COLUMNS;
        for (int column = 0; column < places; column += step) {
            int f0 = p == 0 ? 0 : column;
            if (isWide) {
                FloatTallTile.widePlaces(deep, rows, panels, a0, padded, x + column,
                        x + column + FloatSightTile.LANES, x + column + 2 * FloatSightTile.LANES,
                        x + column + 3 * FloatSightTile.LANES, offsets, p, from, f0, fStride, sums, column, width);
            } else {
                FloatSightTile.places(deep, rows, panels, a0, padded, x + column, offsets, p, from, f0, fStride,
                        sums, column, width);
            }
        }
    }
}
