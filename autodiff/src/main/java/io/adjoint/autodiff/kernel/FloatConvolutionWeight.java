package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.Arrays;

/**
 * The SIMD gradient of a convolution by its weight: of a padded copy of the image, what some windows see is copied into rows, one
 * for each element of a window, that are multiplied with panels of the windows' cotangents. The build derives the float64 twin from this
 * source.
 */
final class FloatConvolutionWeight {
    /** Elements at a time: their rows stay in the second-level cache. */
    private static final int ELEMENTS = 128;

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

    private static void add(int count, float[] from, int at, float[] to, int next) {
        for (int i = 0; i < count; i++) {
            to[next + i] += from[at + i];
        }
    }

    private static void interleave(int size, float[] from, int k0, int k1, int k2, int k3, float[] to, int at) {
        for (int i = 0; i < size; i++) {
            to[at + i * FloatSightTile.COLUMNS] = from[k0 + i];
            to[at + i * FloatSightTile.COLUMNS + 1] = from[k1 + i];
            to[at + i * FloatSightTile.COLUMNS + 2] = from[k2 + i];
            to[at + i * FloatSightTile.COLUMNS + 3] = from[k3 + i];
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
        private final Runs[] runs;

        Job(Array images, Array cotangent, Sight sight, int[] boxes, int groups, int filters) {
            this.images = images;
            this.cotangent = cotangent;
            this.sight = sight;
            this.boxes = boxes;
            this.groups = groups;
            this.filters = filters;
            width = Math.ceilDiv(filters, FloatSightTile.COLUMNS) * FloatSightTile.COLUMNS;
            offsets = sight.offsets(sight.channels() / groups);
            rows = FloatConvolution.rows(sight, images);
            runs = new Runs[boxes.length - 1];
            for (int b = 0; b < runs.length; b++) {
                int size = boxes[b + 1] - boxes[b];
                int blocks = Math.max(1, Math.ceilDiv(size, FloatPatches.WINDOWS));
                runs[b] = Runs.of(sight, boxes[b], boxes[b + 1], Math.max(1, Math.ceilDiv(size, blocks)));
            }
        }

        /** One image's share: for each group, element and filter, {@code width} filters side by side. */
        void image(int n, float[] share) {
            FloatPatches patches = FloatPatches.ofThread();
            float[] padded = patches.padded(sight, rows, images, n);
            int each = offsets.length * width;
            for (int g = 0; g < groups; g++) {
                int base = g * (sight.channels() / groups) * sight.plane();
                box(n, g, 0, padded, base, share, g * each, patches);
                for (int b = 1; b < runs.length; b++) {
                    float[] sums = patches.sums(each);
                    box(n, g, b, padded, base, sums, 0, patches);
                    add(each, sums, 0, share, g * each);
                }
            }
        }

        private void box(int n, int g, int b, float[] padded, int base, float[] sums, int at, FloatPatches patches) {
            int windows = sight.count();
            int start = cotangent.offset() + (n * groups + g) * filters * windows + boxes[b];
            for (int block = 0; block < runs[b].blocks(); block++) {
                int size = runs[b].size(block);
                float[] panels = patches.panels(size * width);
                pack(cotangent.floats(), start + block * runs[b].width(), size, windows, panels);
                block(runs[b], block, padded, base, panels, sums, at, patches);
            }
        }

        /** Panels of {@link FloatSightTile#COLUMNS} filters; what is in no filter's column is never looked at. */
        private void pack(float[] from, int at, int size, int stride, float[] panels) {
            for (int k = 0; k < width; k += 4) {
                int column = k % FloatSightTile.COLUMNS;
                if (k < filters || column == 0) {
                    interleave(size, from, at + Math.min(k, filters - 1) * stride,
                            at + Math.min(k + 1, filters - 1) * stride, at + Math.min(k + 2, filters - 1) * stride,
                            at + Math.min(k + 3, filters - 1) * stride, panels, (k - column) * size + column);
                }
            }
        }

        private void block(Runs box, int block, float[] padded, int base, float[] panels, float[] sums, int at,
                FloatPatches patches) {
            if (box.count(block) == 1) {
                tiles(box.size(block), padded, base + box.places()[box.begins()[block]], offsets, offsets.length,
                        panels,
                        block == 0, sums, at);
                return;
            }
            for (int t = 0; t < offsets.length; t += ELEMENTS) {
                int count = Math.min(ELEMENTS, offsets.length - t);
                float[] rows = patches.rows(box, block, offsets, t, count, padded, base);
                tiles(box.size(block), rows, 0, ROWS, count, panels, block == 0, sums, at + t * width);
            }
        }

        /** All filters for {@code count} elements, whose rows begin at {@code begins} counted from {@code base}. */
        private void tiles(int size, float[] rows, int base, int[] begins, int count, float[] panels, boolean first,
                float[] sums, int at) {
            float[] from = first ? FloatPatches.ZEROS : sums;
            for (int k = 0; k < width; k += FloatSightTile.COLUMNS) {
                for (int t = 0; t < count; t += FloatSightTile.FILTERS) {
                    int c0 = at + t * width + k;
                    FloatSightTile.elements(size, Math.min(FloatSightTile.FILTERS, count - t), rows, base, begins, t,
                            panels, k * size, from, first ? 0 : c0, first ? 0 : width, sums, c0, width);
                }
            }
        }
    }

    private static final int[] ROWS = rowsOfPatches();

    private static int[] rowsOfPatches() {
        int[] begins = new int[ELEMENTS];
        Arrays.setAll(begins, t -> t * FloatPatches.ROW);
        return begins;
    }
}
