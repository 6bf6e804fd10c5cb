package io.adjoint.autodiff.kernel;

import java.util.stream.IntStream;

/**
 * Convolution at every place of the padded image, row by row, also at those between rows of windows, where no window begins: what
 * windows see is read where it lies, since few filters read it, and nothing is packed. The build derives the float64 twin from this
 * source.
 *
 * @param starts places of the first windows of rows
 * @param targets where rows of windows begin among all of a filter
 * @param length windows of a row
 * @param chunk rows of a unit, whose sums stay in the second-level cache
 */
record FloatRaster(int[] starts, int[] targets, int length, int chunk) {
    /** Most places of a unit. */
    private static final int PLACES = 1 << 11;

    /** What it takes to pack what windows see of an element, compared to one filter's product with it. */
    static final int PACKING = 9;

    /** A product with what lies where it lies takes so many parts of eight of one with a panel. */
    private static final int UNPACKED = 9;

    /** Whether it computes fewer columns that nobody wants than packing costs. */
    static boolean serves(Sight sight, int filters) {
        int[] starts = sight.starts();
        long places = starts[starts.length - 1] - starts[0] + sight.count() / starts.length;
        return UNPACKED * places * filters <= 8L * sight.count() * (filters + PACKING);
    }

    static FloatRaster of(Sight sight) {
        int[] starts = sight.starts();
        int length = sight.count() / starts.length;
        int units = Math.ceilDiv(starts[starts.length - 1] - starts[0] + length, PLACES);
        int[] targets = IntStream.range(0, starts.length).map(row -> row * length).toArray();
        return new FloatRaster(starts, targets, length, Math.ceilDiv(starts.length, units));
    }

    int units() {
        return Math.ceilDiv(starts.length, chunk);
    }

    /**
     * One unit of a group: from the padded image, whose first channel of the group is at {@code base}, to {@code out}.
     *
     * @param depth elements of windows at a time
     * @param stride from one filter's results to the next's
     */
    void run(int unit, FloatFilters filters, int depth, int[] offsets, float[] padded, int base, float[] out,
            int target, int stride, FloatPatches patches) {
        int first = unit * chunk;
        int end = Math.min(starts.length, first + chunk);
        int places = starts[end - 1] - starts[first] + length;
        int width = Math.ceilDiv(places, FloatSightTile.STRIP) * FloatSightTile.STRIP;
        float[] sums = patches.sums(FloatSightTile.FILTERS * width);
        for (int k = 0; k < filters.count(); k += FloatSightTile.FILTERS) {
            int rows = Math.min(FloatSightTile.FILTERS, filters.count() - k);
            for (int p = 0; p < offsets.length; p += depth) {
                filters.look(k, rows, p, Math.min(depth, offsets.length - p), padded, base + starts[first], offsets,
                        places, width, sums);
            }
            for (int row = 0; row < rows; row++) {
                FloatPatches.copyRows(sums, row * width - starts[first], starts, out, target + (k + row) * stride,
                        targets, first, end, length);
            }
        }
    }
}
