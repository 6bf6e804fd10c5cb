package io.adjoint.autodiff.kernel;

/**
 * Convolution with one filter for each group: what windows see is read where it lies in the padded image, since nobody else reads
 * it. The build derives the float64 twin from this source.
 *
 * @param starts places of the first windows of rows
 * @param length windows of a row
 * @param run how many are computed side by side: a row, or all rows with the gaps between them, where that takes fewer tiles
 * @param offsets of a window's elements
 */
record FloatDepthwise(int[] starts, int length, int run, int[] offsets) {
    static FloatDepthwise of(Sight sight, int[] offsets) {
        int[] starts = sight.starts();
        int length = sight.windows()[sight.windows().length - 1];
        int together = starts[starts.length - 1] - starts[0] + length;
        boolean saves =
                Math.ceilDiv(together, FloatSightTile.STRIP)
                        < starts.length * Math.ceilDiv(length, FloatSightTile.STRIP);
        return new FloatDepthwise(starts, length, saves ? together : length, offsets);
    }

    /** One group: from the padded image, whose first channel of the group is at {@code base}, to {@code out}. */
    void run(FloatFilters filter, float[] padded, int base, float[] out, int target, FloatPatches patches) {
        if (run == length) {
            for (int r = 0; r < starts.length; r++) {
                row(filter, padded, base + starts[r], out, target + r * length, patches.edge);
            }
            return;
        }
        float[] sums = patches.sums(run);
        row(filter, padded, base + starts[0], sums, 0, patches.edge);
        for (int r = 0; r < starts.length; r++) {
            System.arraycopy(sums, starts[r] - starts[0], out, target + r * length, length);
        }
    }

    private void row(FloatFilters filter, float[] padded, int x, float[] out, int target, float[] edge) {
        for (int column = 0; column < run; column += FloatSightTile.STRIP) {
            int columns = Math.min(FloatSightTile.STRIP, run - column);
            boolean whole = columns == FloatSightTile.STRIP;
            FloatSightTile.filter(filter.depth(), filter.panels(), 0, padded, x + column, offsets, 0,
                    FloatPatches.ZEROS, 0, whole ? out : edge, whole ? target + column : 0);
            if (!whole) {
                System.arraycopy(edge, 0, out, target + column, columns);
            }
        }
    }
}
