package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.Arrays;

/**
 * The SIMD gradient of a convolution by its weight: what windows see in a padded copy of the image is multiplied, where it lies, with
 * panels of the windows' cotangents. The build derives the float64 twin from this source.
 */
final class FloatConvolutionWeight {
    /** Filters that are put beside each other at once, and divide a panel. */
    private static final int TOGETHER = 4;

    private FloatConvolutionWeight() {}

    /**
     * Binds the sums of {@link ConvolutionKernel#byWeight} to arrays.
     *
     * @param images {@code [n, channels, extents...]}
     * @param cotangent {@code [n, filters, windows...]}, contiguous
     * @param boxes numbers of the windows where sums begin, and the number of all windows
     * @param weight {@code [filters, channels / groups, taps...]}, contiguous, overwritten
     */
    static Launch prepare(Array images, Array cotangent, int groups, Sight sight, int[] boxes, Array weight) {
        int filters = weight.shape().dim(0) / groups;
        if (boxes.length == 2 && FloatFewFilters.serves(sight, groups, filters)) {
            return FloatFewFilters.prepare(images, cotangent, groups, sight, weight);
        }
        int depth = weight.size() / weight.shape().dim(0);
        Job job = new Job(images, cotangent, sight, boxes, groups, filters);
        int batch = images.shape().dim(0);
        float[] total = new float[groups * depth * job.width];
        float[][] shares = new float[ImageSums.slots(batch)][total.length];
        Launch sums = new ImageSums(batch, shares.length, n -> job.image(n, shares[n % shares.length]),
                slot -> add(total.length, shares[slot], 0, total, 0));
        return () -> {
            Arrays.fill(total, 0);
            sums.run();
            for (int k = 0; k < groups * filters; k++) {
                unpack(depth, total, k / filters * depth * job.width + k % filters, job.width, weight.floats(),
                        weight.offset() + k * depth);
            }
        };
    }

    private static void unpack(int depth, float[] total, int from, int width, float[] to, int at) {
        for (int t = 0; t < depth; t++) {
            to[at + t] = total[from + t * width];
        }
    }

    static void add(int count, float[] from, int at, float[] to, int next) {
        for (int i = 0; i < count; i++) {
            to[next + i] += from[at + i];
        }
    }

    /** What all images share. */
    private static final class Job {
        private final Array images;
        private final Array cotangent;
        private final Sight sight;
        private final int groups;
        private final int filters;
        private final int width;
        private final int[] boxes;
        private final int[] offsets;
        private final Sight.Rows rows;
        /** Windows of a row, and where rows begin. */
        private final int row;
        private final int[] starts;
        /** Filters of a panel, and elements of a tile. */
        private final int panel;
        private final int tall;

        Job(Array images, Array cotangent, Sight sight, int[] boxes, int groups, int filters) {
            this.images = images;
            this.cotangent = cotangent;
            this.sight = sight;
            this.boxes = boxes;
            this.groups = groups;
            this.filters = filters;
            boolean narrow = filters <= FloatSightTile.LANES && FloatSightTile.LANES >= TOGETHER;
            panel = narrow ? FloatSightTile.LANES : FloatSightTile.COLUMNS;
            tall = narrow ? FloatSightTile.NARROW_ROWS : FloatSightTile.FILTERS;
            width = Math.ceilDiv(filters, panel) * panel;
            offsets = sight.offsets(sight.channels() / groups);
            rows = FloatConvolution.rows(sight, images);
            row = sight.windows()[sight.windows().length - 1];
            starts = sight.starts();
        }

        /** One image's share: for each group, element and filter, {@code width} filters side by side. */
        void image(int n, float[] share) {
            FloatPatches patches = FloatPatches.ofThread();
            float[] padded = patches.padded(sight, rows, images, n);
            int each = offsets.length * width;
            for (int g = 0; g < groups; g++) {
                int base = g * (sight.channels() / groups) * sight.plane();
                box(n, g, 0, padded, base, share, g * each, patches);
                for (int b = 1; b < boxes.length - 1; b++) {
                    float[] sums = patches.sums(each);
                    box(n, g, b, padded, base, sums, 0, patches);
                    add(each, sums, 0, share, g * each);
                }
            }
        }

        private void box(int n, int g, int b, float[] padded, int base, float[] sums, int at, FloatPatches patches) {
            int windows = sight.count();
            int start = cotangent.offset() + (n * groups + g) * filters * windows;
            int blocks = Math.max(1, Math.ceilDiv(boxes[b + 1] - boxes[b], FloatPatches.WINDOWS));
            for (int block = 0; block < blocks; block++) {
                int from = boxes[b] + Tiling.begin(block, blocks, boxes[b + 1] - boxes[b]);
                int size = boxes[b] + Tiling.begin(block + 1, blocks, boxes[b + 1] - boxes[b]) - from;
                float[] panels = patches.panels(size * width);
                pack(cotangent.floats(), start + from, size, windows, panels);
                look(from, size, patches.places);
                tiles(size, patches.places, padded, base, panels, block == 0, sums, at);
            }
        }

        /** Panels of filters; what is in no filter's column is never looked at. */
        private void pack(float[] from, int at, int size, int stride, float[] panels) {
            for (int k = 0; k < filters; k += panel) {
                FloatPacking.beside(size, from, at + k * stride, stride, Math.min(panel, filters - k), panel, panels,
                        k * size);
            }
        }

        /** The places of windows in the padded image. */
        private void look(int from, int size, int[] places) {
            int r = from / row;
            int column = from % row;
            for (int w = 0; w < size; w++) {
                if (column == row) {
                    r++;
                    column = 0;
                }
                places[w] = starts[r] + column++;
            }
        }

        /** All filters for all elements, and for windows at these places. */
        private void tiles(int size, int[] places, float[] padded, int base, float[] panels, boolean first,
                float[] sums, int at) {
            float[] from = first ? FloatPatches.ZEROS : sums;
            int fStride = first ? 0 : width;
            for (int k = 0; k < width; k += panel) {
                for (int t = 0; t < offsets.length; t += tall) {
                    int rows = Math.min(tall, offsets.length - t);
                    int c0 = at + t * width + k;
                    int f0 = first ? 0 : c0;
                    if (panel == FloatSightTile.LANES) {
                        FloatSightTile.narrowElements(size, rows, padded, base, offsets, t, places, panels, k * size,
                                from, f0, fStride, sums, c0, width);
                    } else {
                        FloatSightTile.elements(size, rows, padded, base, offsets, t, places, panels, k * size, from,
                                f0, fStride, sums, c0, width);
                    }
                }
            }
        }
    }
}
