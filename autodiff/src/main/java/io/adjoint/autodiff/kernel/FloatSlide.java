package io.adjoint.autodiff.kernel;

/**
 * Panels of windows that share rows: what a row of the padded image gives to a block of windows is packed once, and a window's panel
 * is as many of these as it has elements along the first axis, one behind the other. A unit is some rows of windows. The build
 * derives the float64 twin from this source.
 *
 * @param runs the windows of one row
 * @param depth what a window sees of one row of the padded image
 * @param taps elements of a window along the first axis
 * @param stride of the windows along the first axis
 * @param step from one row of the padded image to the next
 * @param rows of windows
 * @param chunk rows of windows in a unit
 */
record FloatSlide(Runs runs, int depth, int taps, int stride, int step, int rows, int chunk) {
    /** Most elements of a unit's panels: they stay in the second-level cache. */
    private static final int ROOM = 3 << 14;

    /** Whether it saves more packing than it computes columns that nobody wants. */
    static boolean serves(Sight sight, int elements) {
        int first = sight.taps()[0];
        int row = sight.count() / sight.windows()[0];
        int columns = Math.ceilDiv(row, FloatSightTile.COLUMNS) * FloatSightTile.COLUMNS;
        return first > 1 && first > sight.sliding().stride(0) && sight.sliding().dilation(0) == 1
                && 16 * (columns - row) <= row && 2L * elements * columns <= ROOM;
    }

    static FloatSlide of(Sight sight, int elements) {
        int taps = sight.taps()[0];
        int rows = sight.windows()[0];
        int stride = sight.sliding().stride(0);
        Runs runs = Runs.of(sight, 0, sight.count() / rows, FloatSightTile.COLUMNS);
        int most = ROOM / (elements / taps * FloatSightTile.COLUMNS * runs.blocks());
        int units = Math.ceilDiv(rows, (most - taps) / stride + 1);
        return new FloatSlide(runs, elements / taps, taps, stride, sight.firstStep(), rows, Math.ceilDiv(rows, units));
    }

    int units() {
        return Math.ceilDiv(rows, chunk);
    }

    /** Rows of the padded image that a unit sees. */
    private int packed() {
        return (chunk - 1) * stride + taps;
    }

    int room() {
        return (packed() * runs.blocks() + 2) * depth * FloatSightTile.COLUMNS + FloatSightTile.STRIP;
    }

    /** The first row of windows. */
    int first(int unit) {
        return unit * chunk;
    }

    int end(int unit) {
        return Math.min(rows, first(unit) + chunk);
    }

    /** Where the panel of a block of a row of windows begins. */
    int panel(int unit, int row, int block) {
        return (block * packed() + (row - first(unit)) * stride) * depth * FloatSightTile.COLUMNS;
    }

    void pack(int unit, int[] offsets, float[] padded, int base, float[] panels) {
        int from = first(unit) * stride;
        int count = (end(unit) - 1 - first(unit)) * stride + taps;
        for (int block = 0; block < runs.blocks(); block++) {
            for (int row = 0; row < count; row++) {
                FloatPatches.panel(runs, block, offsets, 0, depth, padded, base + (from + row) * step, panels,
                        (block * packed() + row) * depth * FloatSightTile.COLUMNS);
            }
        }
    }
}
