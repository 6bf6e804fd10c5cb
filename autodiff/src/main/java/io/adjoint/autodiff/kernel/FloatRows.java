package io.adjoint.autodiff.kernel;

import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Convolution with few filters where rows of windows nearly fill whole vectors: these begin where rows do, and what windows see above
 * and below the image, along the first spatial axis, is left out. The build derives the float64 twin from this source.
 *
 * @param places of vectors in the padded image, tile by tile
 * @param begins for each tile the first element of windows that counts
 * @param ends the one after the last
 * @param starts where rows of windows begin among the sums of a filter, of all units
 * @param targets where they begin in the result
 * @param length windows of a row
 * @param wide vectors of a row, and tiles of as many rows as a tile has vectors
 * @param chunk tiles of a unit, whose sums stay in the second-level cache
 */
record FloatRows(int[] places, int[] begins, int[] ends, int[] starts, int[] targets, int length, int wide, int chunk) {
    private static final int LANES = FloatSightTile.LANES;

    /** Vectors of a tile. */
    private static final int VECTORS = FloatSightTile.STRIP / LANES;

    /** Most tiles of a unit. */
    private static final int TILES = 32;

    /**
     * The rows where filters are as many as the tile is made for, and less is computed for nobody than at every place of the padded image.
     *
     * @param extent of the image along the first spatial axis
     * @param elements of a window
     */
    static Optional<FloatRows> serving(Sight sight, int extent, int elements, int filters) {
        if (filters <= FloatSightTile.ROWS || filters > Math.min(FloatTallTile.FEW, FloatSightTile.FILTERS)
                || sight.taps().length == 1) {
            return Optional.empty();
        }
        FloatRows all = of(sight, extent, elements);
        int[] starts = sight.starts();
        long places = starts[starts.length - 1] - starts[0] + all.length;
        return all.products() < Math.ceilDiv(places, FloatSightTile.STRIP) * VECTORS * elements ? Optional.of(all)
                : Optional.empty();
    }

    /** Vectors of products of a filter with an image. */
    long products() {
        return IntStream.range(0, ends.length).mapToLong(tile -> (long) (ends[tile] - begins[tile]) * VECTORS).sum();
    }

    private static FloatRows of(Sight sight, int extent, int elements) {
        int[] starts = sight.starts();
        int length = sight.count() / starts.length;
        int wide = Math.ceilDiv(length, LANES);
        int tiles = Math.ceilDiv(starts.length, VECTORS) * wide;
        int units = Math.ceilDiv(tiles, Math.max(TILES / wide, 1) * wide);
        int[] places = new int[tiles * VECTORS];
        int[] begins = new int[tiles];
        int[] ends = new int[tiles];
        for (int tile = 0; tile < tiles; tile++) {
            begins[tile] = elements;
            for (int i = tile * VECTORS; i < (tile + 1) * VECTORS; i++) {
                int row = Math.min(i / wide, starts.length - 1); // the last one fills up the last tile
                places[i] = starts[row] + i % wide * LANES;
                int window = row / (starts.length / sight.windows()[0]);
                begins[tile] = Math.min(begins[tile], begin(sight, window, extent, elements));
                ends[tile] = Math.max(ends[tile], end(sight, window, extent, elements));
            }
        }
        return new FloatRows(places, begins, ends, multiples(starts.length, wide * LANES),
                multiples(starts.length, length), length, wide, Math.ceilDiv(tiles / wide, units) * wide);
    }

    private static int[] multiples(int count, int step) {
        return IntStream.range(0, count).map(i -> i * step).toArray();
    }

    /** The first element of a window that counts, the last ones if it sees nothing of the image. */
    static int begin(Sight sight, int window, int extent, int elements) {
        int taps = sight.taps()[0];
        int tap = 0;
        while (tap < taps - 1 && !isInside(sight, window, tap, extent)) {
            tap++;
        }
        return tap * (elements / taps);
    }

    static int end(Sight sight, int window, int extent, int elements) {
        int taps = sight.taps()[0];
        int tap = taps;
        while (tap > 1 && !isInside(sight, window, tap - 1, extent)) {
            tap--;
        }
        return Math.max(tap * (elements / taps), begin(sight, window, extent, elements) + elements / taps);
    }

    private static boolean isInside(Sight sight, int window, int tap, int extent) {
        long at = sight.sliding().position(0, window, tap);
        return at >= 0 && at < extent;
    }

    int units() {
        return Math.ceilDiv(ends.length, chunk);
    }

    /** Rows of a unit. */
    private int height() {
        return chunk / wide * VECTORS;
    }

    /** Windows of a unit. */
    int windows() {
        return height() * length;
    }

    /** See {@link FloatRaster#run}. */
    void run(int unit, FloatFilters filters, ZeroProducts zeros, int depth, int[] offsets, float[] padded, int base,
            float[] out, int target, int stride, FloatPatches patches) {
        int first = unit * chunk;
        int end = Math.min(ends.length, first + chunk);
        int width = (end - first) * FloatSightTile.STRIP;
        float[] sums = patches.sums(filters.count() * width);
        for (int p = 0; p < offsets.length; p += depth) {
            for (int tile = first; tile < end; tile++) {
                int begin = zeros.areZero() ? begins[tile] : 0;
                int from = Math.max(p, begin);
                int deep = Math.min(p + depth, zeros.areZero() ? ends[tile] : offsets.length) - from;
                if (deep > 0) {
                    tile(tile, filters, from, deep, offsets, padded, base, from == begin, sums,
                            (tile - first) * FloatSightTile.STRIP, width);
                }
            }
        }
        for (int k = 0; k < filters.count(); k++) {
            for (int tile = first; tile < end; tile++) {
                zeros.addFrom(ends[tile], k, sums, k * width + (tile - first) * FloatSightTile.STRIP,
                        FloatSightTile.STRIP);
            }
            int row = unit * height();
            FloatPatches.copyRows(sums, k * width - starts[row], starts, out, target + k * stride, targets, row,
                    Math.min(starts.length, row + height()), length);
        }
    }

    private void tile(int tile, FloatFilters filters, int p, int deep, int[] offsets, float[] padded, int base,
            boolean first, float[] sums, int at, int width) {
        int i = tile * VECTORS;
        FloatTallTile.widePlaces(deep, filters.count(), filters.panels(), p * FloatSightTile.FILTERS, padded,
                base + places[i], base + places[i + 1], base + places[i + 2], base + places[i + 3], offsets, p,
                first ? FloatPatches.ZEROS : sums, first ? 0 : at, first ? 0 : width, sums, at, width);
    }

    /**
     * What it does to sums to add zeros times the weights of filters: nothing before the first other product, where all sums are 0; after the
     * last one it makes 0 of -0, unless all of these weights are negative.
     */
    static final class ZeroProducts {
        private final FloatFilters filters;
        /** For each filter the last element whose weight is positive. */
        private final int[] lastPositive;
        private boolean areZero;

        ZeroProducts(FloatFilters filters) {
            this.filters = filters;
            this.lastPositive = new int[filters.count()];
        }

        /** Reads the filters. */
        void load() {
            float sum = 0;
            float[] panels = filters.panels();
            for (int k = 0; k < lastPositive.length; k++) {
                lastPositive[k] = -1;
                for (int p = 0; p < filters.depth(); p++) {
                    float weight = panels[filters.at(k, p)];
                    sum += 0 * weight;
                    lastPositive[k] = Math.copySign(1, weight) > 0 ? p : lastPositive[k];
                }
            }
            areZero = sum == 0;
        }

        /** Whether no weight is infinite or NaN. */
        boolean areZero() {
            return areZero;
        }

        /** Adds the products with the elements from {@code p} on to so many sums of a filter. */
        void addFrom(int p, int filter, float[] sums, int at, int count) {
            if (p <= lastPositive[filter]) {
                for (int i = at; i < at + count; i++) {
                    sums[i] += 0;
                }
            }
        }
    }
}
