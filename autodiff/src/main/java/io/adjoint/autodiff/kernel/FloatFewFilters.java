package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The SIMD gradient of a convolution by the weight of few filters, which would not fill a vector: elements of windows lie beside each
 * other in panels, and cotangents are read where they lie. The build derives the float64 twin from this source.
 *
 * <p>A run is what a window sees side by side. A panel has some of a window's runs in some rows along the first spatial axis, for
 * window after window; so the panel of the next of these rows is the same one, a row of windows later. A sum has the order that it has
 * in {@link FloatConvolutionWeight}.
 */
final class FloatFewFilters {
    private static final int COLUMNS = FloatTile.COLUMNS;

    /** Most elements of the panels, unless a row of windows takes more: they stay in the first-level cache. */
    private static final int ROOM = 6 << 10;

    private final Array images;
    private final Array cotangent;
    private final Sight sight;
    private final Sight.Rows rows;
    private final int groups;
    private final int filters;
    /** Windows of an image. */
    private final int count;
    /** Elements of a run. */
    private final int run;
    /** For each panel, where its runs are in the window, and in the weight of a filter. */
    private final int[][] offsets;
    private final int[][] elements;
    /** Where along the first axis the rows of a panel begin: panels are multiplied once for each. */
    private final int[] begins;
    /** Windows that have one number along the first axis, how many of these rows are packed at a time, and where their windows lie. */
    private final int row;
    private final int chunk;
    private final int[] places;
    /** For what windows see, if that is one panel; and where their rows begin. */
    private final Optional<FloatRunTile> tile;
    private final int[] starts;

    private FloatFewFilters(Array images, Array cotangent, int groups, Sight sight, int filters) {
        this.images = images;
        this.cotangent = cotangent;
        this.sight = sight;
        this.rows = FloatConvolution.rows(sight, images);
        this.groups = groups;
        this.filters = filters;
        this.count = sight.count();
        int channels = sight.channels() / groups;
        int[] taps = sight.taps();
        run = taps[taps.length - 1];
        Cut cut = Cut.of(sight, channels);
        int rest = cut.rest();
        int[] runs = IntStream.range(0, cut.rows() * channels * rest)
                .map(i -> ((i / rest % channels * taps[0] + i / rest / channels) * rest + i % rest) * run).toArray();
        int[] at = sight.offsets(channels);
        elements = new int[cut.panels()][];
        offsets = new int[cut.panels()][];
        for (int p = 0; p < elements.length; p++) {
            elements[p] = Arrays.copyOfRange(runs, Tiling.begin(p, elements.length, runs.length),
                    Tiling.begin(p + 1, elements.length, runs.length));
            offsets[p] = IntStream.of(elements[p]).map(i -> at[i]).toArray();
        }
        begins = IntStream.range(0, cut.times()).map(i -> Math.min(i * cut.rows(), taps[0] - cut.rows())).toArray();
        row = count / sight.windows()[0];
        int last = begins[begins.length - 1];
        chunk = cut.chunk();
        starts = sight.starts();
        int[] within = Arrays.copyOf(starts, starts.length / sight.windows()[0]);
        int width = row / within.length;
        places = IntStream.range(0, (chunk + last) * row)
                .map(w -> w / row * sight.firstStep() + within[w % row / width] + w % width).toArray();
        tile = offsets.length == 1 && begins.length == 1 && filters <= FloatRunTile.ROWS
                ? FloatRunTile.of(offsets[0], run)
                : Optional.empty();
    }

    /**
     * How elements are put into panels.
     *
     * @param rest runs of a row of a channel
     * @param rows of a panel along the first spatial axis
     * @param panels for so many rows
     * @param times that so many rows are in a window, the last ones perhaps once more
     * @param chunk rows of windows that are packed at a time
     */
    private record Cut(int rest, int rows, int panels, int times, int chunk) {
        static Cut of(Sight sight, int channels) {
            int[] taps = sight.taps();
            int rest = 1;
            for (int axis = 1; axis < taps.length - 1; axis++) {
                rest *= taps[axis];
            }
            int most = FloatRuns.most(taps[taps.length - 1]);
            int rows = Math.clamp(most / (channels * rest), 1, taps[0]);
            int panels = Math.ceilDiv(rows * channels * rest, most);
            int count = sight.windows()[0];
            int chunk = Math.clamp(ROOM / (sight.count() / count * COLUMNS * panels) - (taps[0] - rows), 1, count);
            return new Cut(rest, rows, panels, Math.ceilDiv(taps[0], rows), chunk);
        }

        /** Runs that are copied for each window, those that are copied again with the next chunk included. */
        int copies(int channels, int taps) {
            int each = Math.ceilDiv(Math.ceilDiv(rows * channels * rest, panels), FloatRuns.TOGETHER);
            return Math.ceilDiv(panels * each * FloatRuns.TOGETHER * (chunk + taps - rows), chunk);
        }
    }

    /** Whether windows slide by one along two axes or more, and this takes less than vectors of filters do. */
    static boolean serves(Sight sight, int groups, int filters) {
        int[] taps = sight.taps();
        int channels = sight.channels() / groups;
        int last = taps.length - 1;
        boolean slides = last > 0;
        int depth = channels;
        for (int axis = 0; axis <= last; axis++) {
            slides &= sight.sliding().stride(axis) == 1 && sight.sliding().dilation(axis) == 1;
            depth *= taps[axis];
        }
        if (!slides || filters > FloatSightTile.LANES || taps[last] > FloatRuns.LONGEST) {
            return false;
        }
        Cut cut = Cut.of(sight, channels);
        // here a vector of filters is multiplied for each load, there two vectors of elements for each filter
        int loads = Math.ceilDiv(depth, FloatSightTile.NARROW_ROWS) * FloatSightTile.NARROW_ROWS;
        int products = cut.panels() * cut.times() * Math.ceilDiv(filters, FloatTile.TALLEST) * FloatTile.TALLEST;
        // a copy is as dear as two products with both vectors, and a fifth less must be in it
        return 5 * (products + 2L * cut.copies(channels, taps[0])) < 4L * loads;
    }

    /** See {@link FloatConvolutionWeight#prepare}; all windows of an image are one sum. */
    static Launch prepare(Array images, Array cotangent, int groups, Sight sight, Array weight) {
        int filters = weight.shape().dim(0) / groups;
        FloatFewFilters job = new FloatFewFilters(images, cotangent, groups, sight, filters);
        int batch = images.shape().dim(0);
        float[] total = new float[groups * job.elements.length * job.begins.length * filters * COLUMNS];
        float[][] shares = new float[ImageSums.slots(batch)][total.length];
        Launch sums = new ImageSums(batch, shares.length, n -> job.image(n, shares[n % shares.length]),
                slot -> FloatConvolutionWeight.add(total.length, shares[slot], 0, total, 0));
        return () -> {
            Arrays.fill(total, 0);
            sums.run();
            job.unpack(total, weight);
        };
    }

    /** Where the sums for a panel and a row of it begin. */
    private int sums(int group, int panel, int begin) {
        return ((group * elements.length + panel) * begins.length + begin) * filters * COLUMNS;
    }

    private void unpack(float[] total, Array weight) {
        int depth = weight.size() / weight.shape().dim(0);
        int step = depth / (sight.channels() / groups) / sight.taps()[0];
        for (int k = 0; k < groups * filters; k++) {
            for (int p = 0; p < elements.length; p++) {
                for (int b = 0; b < begins.length; b++) {
                    int from = sums(k / filters, p, b) + k % filters * COLUMNS;
                    for (int i = 0; i < elements[p].length; i++) {
                        System.arraycopy(total, from + i * run, weight.floats(),
                                weight.offset() + k * depth + begins[b] * step + elements[p][i], run);
                    }
                }
            }
        }
    }

    /** One image's share. */
    private void image(int n, float[] share) {
        FloatPatches patches = FloatPatches.ofThread();
        float[] padded = patches.padded(sight, rows, images, n);
        if (tile.isPresent()) {
            for (int g = 0; g < groups; g++) {
                tile.get().multiply(starts, count / starts.length, filters, cotangent.floats(),
                        cotangent.offset() + (n * groups + g) * filters * count, count, padded,
                        g * sight.channels() / groups * sight.plane(), share, sums(g, 0, 0));
            }
            return;
        }
        int room = places.length * COLUMNS;
        float[] panels = patches.panels(elements.length * room + FloatSightTile.STRIP);
        int all = sight.windows()[0];
        int chunks = Math.ceilDiv(all, chunk);
        for (int g = 0; g < groups; g++) {
            int base = g * (sight.channels() / groups) * sight.plane();
            int start = cotangent.offset() + (n * groups + g) * filters * count;
            for (int c = 0; c < chunks; c++) {
                int first = Tiling.begin(c, chunks, all);
                int windows = (Tiling.begin(c + 1, chunks, all) - first) * row;
                for (int p = 0; p < elements.length; p++) {
                    FloatRuns.copy(windows + begins[begins.length - 1] * row, places, padded,
                            base + first * sight.firstStep(), offsets[p], run, panels, p * room);
                    multiply(windows, start + first * row, panels, p * room, share, sums(g, p, 0), c == 0);
                }
            }
        }
    }

    /** All filters for all rows of a panel. */
    private void multiply(int windows, int from, float[] panels, int at, float[] share, int sums, boolean first) {
        for (int b = 0; b < begins.length; b++) {
            int panel = at + begins[b] * row * COLUMNS;
            for (int k = 0; k < filters; k += FloatTile.TALLEST) {
                int tall = Math.min(FloatTile.TALLEST, filters - k);
                int left = from + k * count;
                int c = sums + (b * filters + k) * COLUMNS;
                if (tall > FloatTallTile.FEW) {
                    FloatTallTile.multiplyRows(windows, tall, cotangent.floats(), left, count, panels, panel,
                            COLUMNS, share, c, COLUMNS, first);
                } else if (tall > FloatTile.ROWS) {
                    FloatTallTile.multiplyFewRows(windows, tall, cotangent.floats(), left, count, panels, panel,
                            share, c, COLUMNS, first);
                } else {
                    FloatTile.multiplyRows(windows, tall, cotangent.floats(), left, count, panels, panel,
                            share, c, COLUMNS, first);
                }
            }
        }
    }
}
