package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Workers;
import java.util.Arrays;

/**
 * The SIMD convolution: of a padded copy of the image, what a few windows see is packed into a panel that stays in the
 * first-level cache while all filters read it; no matrix of patches is made. The build derives the float64 twin from this source.
 *
 * <p>Between two blocks of a sum it is stored and loaded again, which is exact, so blocking does not show in the bits.
 */
final class FloatConvolution {
    /** Elements of windows at a time: a panel of them stays in the first-level cache. */
    static final int DEPTH = 384;

    /** With fewer images than this, several threads share one. */
    private static final int MANY = 8;

    private static final FloatTiers TIERS = new FloatTiers(FloatConvolution::rehearse);

    private FloatConvolution() {}

    /** Whether this is compiled, or the plain path is to compute what takes so many products of two numbers. */
    static boolean serves(long products) {
        return TIERS.isSimd(products);
    }

    /** The filters of a group, as panels of {@link FloatTile#ROWS}. */
    record Filters(int count, int depth, float[] panels) {
        static Filters[] of(Array weight) {
            Filters[] filters = new Filters[weight.shape().dim(0)];
            for (int group = 0; group < filters.length; group++) {
                FloatMatrix across = FloatMatrix.of(weight, group).transposed();
                float[] panels = new float[FloatPacking.size(across, FloatTile.ROWS)];
                FloatPacking.pack(across, FloatTile.ROWS, panels);
                filters[group] = new Filters(across.columns(), across.rows(), panels);
            }
            return filters;
        }
    }

    /**
     * @param images {@code [n, channels, extents...]}
     * @param weight {@code [groups, filters / groups, (channels / groups) * taps]}
     * @param out {@code [n, filters, windows...]}, contiguous
     */
    static void forward(Array images, Array weight, Sight sight, Array out) {
        Filters[] filters = Filters.of(weight);
        int channels = sight.channels() / filters.length;
        int[] offsets = sight.offsets(channels);
        Sight.Rows rows = rows(sight, images);
        int batch = out.shape().dim(0);
        int each = out.size() / batch / filters.length;
        if (filters[0].count() == 1) {
            FloatDepthwise depthwise = FloatDepthwise.of(sight, offsets);
            Workers.forEach(batch, n -> {
                FloatPatches patches = FloatPatches.ofThread();
                float[] padded = patches.padded(sight, rows, images, n);
                for (int g = 0; g < filters.length; g++) {
                    depthwise.run(filters[g], padded, g * channels * sight.plane(), out.floats(),
                            out.offset() + (n * filters.length + g) * each, patches);
                }
            });
            return;
        }
        Runs runs = Runs.of(sight, 0, sight.count(), FloatTile.COLUMNS);
        int parts = batch >= MANY ? 1 : Math.min(runs.blocks(), Workers.threads());
        Workers.forEach(batch * parts, chunk -> {
            int n = chunk / parts;
            int from = Tiling.begin(chunk % parts, parts, runs.blocks());
            int to = Tiling.begin(chunk % parts + 1, parts, runs.blocks());
            FloatPatches patches = FloatPatches.ofThread();
            float[] padded = patches.padded(sight, rows, images, n);
            for (int g = 0; g < filters.length; g++) {
                int target = out.offset() + (n * filters.length + g) * each;
                for (int p = 0; p < filters[g].depth(); p += DEPTH) {
                    int deep = Math.min(DEPTH, filters[g].depth() - p);
                    for (int block = from; block < to; block++) {
                        float[] panel = patches.panel(runs, block, offsets, p, deep, padded,
                                g * channels * sight.plane());
                        panel(filters[g], p, deep, panel, runs, block, out.floats(), target, patches.edge);
                    }
                }
            }
        });
    }

    /** The rows of an image's channel in the padded one. */
    static Sight.Rows rows(Sight sight, Array images) {
        int rank = images.shape().rank();
        return sight.rows(Arrays.copyOfRange(images.shape().dims(), 2, rank),
                Arrays.copyOfRange(images.strides(), 2, rank));
    }

    /** All filters, from element {@code p} on, for the windows of a block. */
    private static void panel(Filters filters, int p, int deep, float[] panel, Runs runs, int block, float[] out,
            int target, float[] edge) {
        int stride = runs.windows();
        int columns = runs.size(block);
        boolean whole = columns == FloatTile.COLUMNS;
        float[] c = whole ? out : edge;
        float[] from = p == 0 ? FloatPatches.ZEROS : c;
        int cStride = whole ? stride : FloatTile.COLUMNS;
        int fStride = p == 0 ? 0 : cStride;
        for (int k = 0; k < filters.count(); k += FloatTile.ROWS) {
            int rows = Math.min(FloatTile.ROWS, filters.count() - k);
            int at = target + k * stride + block * FloatTile.COLUMNS;
            if (!whole && p > 0) {
                copy(rows, columns, out, at, stride, edge, 0, FloatTile.COLUMNS);
            }
            int c0 = whole ? at : 0;
            FloatSightTile.filters(deep, rows, filters.panels(), k * filters.depth() + p * FloatTile.ROWS, panel, from,
                    p == 0 ? 0 : c0, fStride, c, c0, cStride);
            if (!whole) {
                copy(rows, columns, edge, 0, FloatTile.COLUMNS, out, at, stride);
            }
        }
    }

    private static void copy(int rows, int columns, float[] from, int at, int stride, float[] to, int toAt,
            int toStride) {
        for (int row = 0; row < rows; row++) {
            System.arraycopy(from, at + row * stride, to, toAt + row * toStride, columns);
        }
    }

    /** Channels and filters of a group, groups, extents, taps along both axes, and strides: of calls that take every branch. */
    private static final int[][] CALLS = {{45, 5, 1, 3, 18, 3, 1}, {3, 9, 1, 3, 37, 3, 1}, {2, 5, 1, 6, 9, 3, 2},
        {1, 1, 3, 3, 40, 3, 1}, {2, 6, 2, 6, 5, 2, 1}, {5, 17, 1, 4, 12, 1, 1}, {1, 1, 2, 9, 9, 3, 2},
        {43, 2, 1, 4, 9, 3, 1}};

    /** A call on few zeros; the nanoseconds that compiled code takes at most. */
    private static long rehearse(int call) {
        int[] sizes = CALLS[call % CALLS.length];
        int groups = sizes[2];
        int[] both = {sizes[6], sizes[6]};
        Sliding sliding = new Sliding(both, new int[] {sizes[5] / 2, sizes[5] / 2}, new int[] {1, 1});
        int height = (sizes[3] - 1) / sizes[6] + 1;
        int width = (sizes[4] - 1) / sizes[6] + 1;
        int depth = sizes[0] * sizes[5] * sizes[5];
        Array images = Array.allocate(DType.F32, Shape.of(1, sizes[0] * groups, sizes[3], sizes[4]));
        Array weight = Array.allocate(DType.F32, Shape.of(groups, sizes[1], depth));
        Array out = Array.allocate(DType.F32, Shape.of(1, sizes[1] * groups, height, width));
        Sight sight = Sight.of(sliding, ConvolutionKernel.imageShape(images), new int[] {sizes[5], sizes[5]},
                new int[] {height, width}).orElseThrow();
        forward(images, weight, sight, out);
        FloatConvolutionWeight.byWeight(images, out, sight, new int[] {0, sight.count() / 2, sight.count()}, weight);
        return 2L * out.size() * depth + 50_000;
    }
}
