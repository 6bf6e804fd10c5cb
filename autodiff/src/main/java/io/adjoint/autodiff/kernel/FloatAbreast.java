package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.kernel.FloatRows.ZeroProducts;
import io.adjoint.autodiff.runtime.Array;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Convolution of small images side by side, one in each lane: a vector is one place of as many images, so rows of windows need fill no
 * vectors. Images are put side by side first, and results one below the other again; what windows see above and below an image is
 * left out as in {@link FloatRows}. The build derives the float64 twin from this source.
 */
final class FloatAbreast {
    private static final int LANES = FloatSightTile.LANES;
    private static final int FILTERS = FloatSightTile.FILTERS;

    /** Most elements of padded images side by side, and of the results of a panel of filters: they stay in the second-level cache. */
    private static final int ROOM = 1 << 17;

    /** What it takes to turn a vector of elements of images around, compared to one filter's product with one. */
    private static final int TURNING = 20;

    private final Array images;
    private final FloatFilters[] filters;
    private final Sight sight;
    private final Sight.Rows rows;
    private final int[] offsets;
    private final Array out;
    private final ZeroProducts[] zeros;
    private final Tiles tiles;

    private FloatAbreast(Array images, FloatFilters[] filters, Sight sight, Sight.Rows rows, int[] offsets, Array out,
            Tiles tiles) {
        this.images = images;
        this.filters = filters;
        this.sight = sight;
        this.rows = rows;
        this.offsets = IntStream.of(offsets).map(offset -> offset * LANES).toArray();
        this.out = out;
        this.zeros = Arrays.stream(filters).map(ZeroProducts::new).toArray(ZeroProducts[]::new);
        this.tiles = tiles;
    }

    /**
     * Windows that are computed together.
     *
     * @param windows the first ones of the tiles, ascending; of a tile that reaches beyond its row the next one computes the rest again
     * @param places of all windows in images side by side, as many as tiles reach
     * @param begins for each tile the first element of windows that counts
     * @param ends the one after the last
     * @param width windows of a tile
     */
    private record Tiles(int[] windows, int[] places, int[] begins, int[] ends, int width) {
        static Tiles of(Sight sight, int extent, int elements, boolean isWide) {
            int[] starts = sight.starts();
            int length = sight.count() / starts.length;
            int width = isWide ? FloatSightTile.STRIP / LANES : FloatSightTile.COLUMNS / LANES;
            int[] windows =
                    isWide ? IntStream.range(0, Math.ceilDiv(sight.count(), width)).map(i -> i * width).toArray()
                            : IntStream.range(0, sight.count()).filter(i -> i % length % width == 0).toArray();
            int[] places = IntStream.range(0, sight.count() + width).map(i -> Math.min(i, sight.count() - 1))
                    .map(i -> (starts[i / length] + i % length) * LANES).toArray();
            int each = sight.count() / sight.windows()[0];
            int[] begins = new int[windows.length];
            int[] ends = new int[windows.length];
            for (int tile = 0; tile < windows.length; tile++) {
                begins[tile] = elements;
                int row = windows[tile] / length;
                int last = isWide ? Math.min(windows[tile] + width, sight.count()) - 1 : row * length + length - 1;
                for (int first = windows[tile] / each; first <= last / each; first++) {
                    begins[tile] = Math.min(begins[tile], FloatRows.begin(sight, first, extent, elements));
                    ends[tile] = Math.max(ends[tile], FloatRows.end(sight, first, extent, elements));
                }
            }
            return new Tiles(windows, places, begins, ends, width);
        }

        /** Vectors of products with one filter. */
        long products() {
            return IntStream.range(0, windows.length).mapToLong(tile -> (long) (ends[tile] - begins[tile]) * width)
                    .sum();
        }
    }

    /** Whether so many filters meet four places at a time, not two. */
    static boolean isWide(int filters) {
        return filters > FloatSightTile.ROWS && filters <= Math.min(FloatTallTile.FEW, FILTERS);
    }

    /** The convolution, if images are many and small, and less is computed than where places of one image lie side by side. */
    static Optional<FloatAbreast> serving(Array images, FloatFilters[] filters, Sight sight, Sight.Rows rows,
            int[] offsets, Array out, long products, int threads) {
        int batch = images.shape().dim(0);
        int groups = Math.ceilDiv(batch, LANES);
        int count = filters[0].count();
        int axes = sight.taps().length;
        boolean slidesByOne = IntStream.range(0, axes).allMatch(axis -> sight.sliding().stride(axis) == 1);
        // elements are put beside each other four at a time
        if (LANES < 4 || axes == 1 || !slidesByOne || rows.step() != 1 || groups < threads || count == 1
                || (long) sight.size() * LANES > ROOM || (long) FILTERS * sight.count() * LANES > ROOM) {
            return Optional.empty();
        }
        Tiles tiles = Tiles.of(sight, images.shape().dim(2), offsets.length, isWide(count));
        int all = filters.length * count;
        long moved = (long) TURNING * (images.size() / batch + all * sight.count());
        return groups * (tiles.products() * all + moved) < products * all * batch
                ? Optional.of(new FloatAbreast(images, filters, sight, rows, offsets, out, tiles)) : Optional.empty();
    }

    /** How many times as many images as there are lanes. */
    int units() {
        return Math.ceilDiv(images.shape().dim(0), LANES);
    }

    /** The images of a unit: those from {@link #first} on. */
    int count(int unit) {
        return Math.min(LANES, images.shape().dim(0) - first(unit));
    }

    int first(int unit) {
        return unit * LANES;
    }

    /** Reads the filters. */
    void load() {
        for (ZeroProducts group : zeros) {
            group.load();
        }
    }

    void run(int unit) {
        FloatPatches patches = FloatPatches.ofThread();
        float[] abreast = patches.abreast(sight, rows, images, first(unit), count(unit));
        float[] sums = patches.sums(FILTERS * width());
        for (int g = 0; g < filters.length; g++) {
            int base = g * (sight.channels() / filters.length) * sight.plane() * LANES;
            for (int k = 0; k < filters[g].count(); k += FILTERS) {
                int some = Math.min(FILTERS, filters[g].count() - k);
                for (int tile = 0; tile < tiles.windows.length; tile++) {
                    multiply(tile, filters[g], k, some, zeros[g].areZero(), abreast, base, sums);
                }
                for (int row = 0; row < some; row++) {
                    for (int tile = 0; tile < tiles.windows.length; tile++) {
                        zeros[g].addFrom(tiles.ends[tile], k + row, sums,
                                row * width() + tiles.windows[tile] * LANES, tiles.width * LANES);
                    }
                    store(unit, g * filters[g].count() + k + row, sums, row * width());
                }
            }
        }
    }

    /** From one filter's sums to the next's. */
    private int width() {
        return (sight.count() + tiles.width) * LANES;
    }

    private void multiply(int tile, FloatFilters group, int k, int some, boolean areZero, float[] abreast, int base,
            float[] sums) {
        int begin = areZero ? tiles.begins[tile] : 0;
        int deep = (areZero ? tiles.ends[tile] : offsets.length) - begin;
        int weights = k * group.depth() + begin * FILTERS;
        int window = tiles.windows[tile];
        int place = base + tiles.places[window];
        if (isWide(group.count())) {
            FloatTallTile.widePlaces(deep, some, group.panels(), weights, abreast, place,
                    base + tiles.places[window + 1], base + tiles.places[window + 2], base + tiles.places[window + 3],
                    offsets, begin, FloatPatches.ZEROS, 0, 0, sums, window * LANES, width());
        } else {
            FloatSightTile.places(deep, some, group.panels(), weights, abreast, place, offsets, begin,
                    FloatPatches.ZEROS, 0, 0, sums, window * LANES, width());
        }
    }

    /** One filter's results, image by image. */
    private void store(int unit, int filter, float[] sums, int from) {
        int count = sight.count();
        int apart = out.shape().dim(1) * count;
        int to = out.offset() + first(unit) * apart + filter * count;
        int images = count(unit);
        int done = images == LANES ? FloatPacking.transpose(count, LANES, sums, from, LANES, out.floats(), to, apart)
                : 0;
        for (int window = done; window < count; window++) {
            for (int lane = 0; lane < images; lane++) {
                out.floats()[to + lane * apart + window] = sums[from + window * LANES + lane];
            }
        }
    }
}
