package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Workers;
import java.util.Arrays;
import java.util.List;

/**
 * The SIMD convolution whose windows slide by one, and its gradient by the weight: what windows see is read in a padded copy of
 * the image, no matrix of patches is made. The build derives the float64 twin from this source.
 *
 * <p>Between two blocks of a sum it is stored and loaded again, which is exact, so blocking does not show in the bits.
 */
final class FloatConvolution {
    /** Elements of windows at a time: what {@link FloatTile#COLUMNS} windows see of them stays in the first-level cache. */
    private static final int DEPTH = 384;

    /** Windows at a time for the gradient by the weight, for the same reason. */
    private static final int WINDOWS = 256;

    /** Rows of windows up to this length are computed together with the gaps between them where that takes fewer tiles. */
    private static final int SHORT = 3 * FloatTile.COLUMNS;

    private static final FloatTiers TIERS = new FloatTiers(FloatConvolution::rehearse);

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private FloatConvolution() {}

    /** Buffers of one thread; they grow to what the largest image needed. */
    private static final class Scratch {
        private float[] padded = {};
        private float[] panels = {};
        private float[] sums = {};
        private final float[] edge = new float[FloatTile.ROWS * FloatTile.STRIP];

        /** The padded image, with room for the last tile to reach beyond it. */
        float[] padded(Sight sight, Array image) {
            int size = sight.size() + FloatTile.STRIP;
            padded = padded.length < size ? new float[size] : padded;
            Arrays.fill(padded, 0, size, 0);
            Array whole = Array.wrap(DType.F32, Shape.of(padded.length), padded);
            sight.copy(image, whole.view(sight.shape(), sight.shape().rowMajorStrides(), 0));
            return padded;
        }

        float[] panels(int size) {
            panels = panels.length < size ? new float[size] : panels;
            return panels;
        }

        float[] sums(int size) {
            sums = sums.length < size ? new float[size] : sums;
            return sums;
        }
    }

    /** Whether this is compiled, or the plain path is to compute what takes so many products of two numbers. */
    static boolean serves(long products) {
        return TIERS.isSimd(products);
    }

    /** The filters of a group, and where their tiles begin. */
    private record Filters(int count, int depth, float[] panels) {
        static Filters of(Array weight, int group) {
            FloatMatrix across = FloatMatrix.of(weight, group).transposed();
            float[] panels = new float[FloatPacking.size(across, FloatTile.ROWS)];
            FloatPacking.pack(across, FloatTile.ROWS, panels);
            return new Filters(across.columns(), across.rows(), panels);
        }
    }

    /**
     * @param images {@code [n, channels, extents...]}
     * @param weight {@code [groups, filters / groups, (channels / groups) * taps]}
     * @param out {@code [n, filters, windows...]}, contiguous
     */
    static void forward(Array images, Array weight, Sight sight, Array out) {
        int groups = weight.shape().dim(0);
        Filters[] filters = new Filters[groups];
        for (int g = 0; g < groups; g++) {
            filters[g] = Filters.of(weight, g);
        }
        int channels = sight.channels() / groups;
        Plan plan = Plan.of(sight, channels);
        int each = out.size() / out.shape().dim(0) / groups;
        Workers.forEach(out.shape().dim(0), n -> {
            Scratch scratch = SCRATCH.get();
            float[] padded = scratch.padded(sight, ConvolutionKernel.at(images, n));
            for (int g = 0; g < groups; g++) {
                int target = out.offset() + (n * groups + g) * each;
                group(filters[g], padded, g * channels * sight.plane(), plan, out.floats(), target, scratch);
            }
        });
    }

    /**
     * How the windows are walked.
     *
     * @param rows places of the first windows of rows
     * @param length windows of a row
     * @param run how many are computed side by side: a row, or all rows with the gaps between them
     * @param offsets of a window's elements
     */
    private record Plan(int[] rows, int length, int run, int[] offsets) {
        static Plan of(Sight sight, int channels) {
            int last = sight.windows().length - 1;
            int[] rows = sight.rows(new Box(new int[last + 1], sight.windows()));
            int length = sight.windows()[last];
            int together = rows[rows.length - 1] - rows[0] + length;
            boolean saves = length < SHORT
                    && Math.ceilDiv(together, FloatTile.COLUMNS)
                            < rows.length * Math.ceilDiv(length, FloatTile.COLUMNS);
            return new Plan(rows, length, saves ? together : length, sight.offsets(channels));
        }

        boolean together() {
            return run != length;
        }

        int windows() {
            return rows.length * length;
        }
    }

    private static void group(Filters filters, float[] padded, int base, Plan plan, float[] out, int target,
            Scratch scratch) {
        if (!plan.together()) {
            for (int p = 0; p < filters.depth; p += DEPTH) {
                for (int r = 0; r < plan.rows.length; r++) {
                    run(filters, p, padded, base + plan.rows[r], plan, out, target + r * plan.length, plan.windows(),
                            scratch);
                }
            }
            return;
        }
        float[] sums = scratch.sums(filters.count * plan.run);
        for (int p = 0; p < filters.depth; p += DEPTH) {
            run(filters, p, padded, base + plan.rows[0], plan, sums, 0, plan.run, scratch);
        }
        for (int k = 0; k < filters.count; k++) {
            for (int r = 0; r < plan.rows.length; r++) {
                System.arraycopy(sums, k * plan.run + plan.rows[r] - plan.rows[0], out,
                        target + k * plan.windows() + r * plan.length, plan.length);
            }
        }
    }

    /** All filters, from element {@code p} on, for windows side by side. */
    private static void run(Filters filters, int p, float[] padded, int x, Plan plan, float[] out, int target,
            int stride,
            Scratch scratch) {
        int deep = Math.min(DEPTH, filters.depth - p);
        if (filters.count == 1) {
            for (int column = 0; column < plan.run; column += FloatTile.STRIP) {
                int columns = Math.min(FloatTile.STRIP, plan.run - column);
                boolean whole = columns == FloatTile.STRIP;
                float[] c = whole ? out : scratch.edge;
                if (!whole && p > 0) {
                    System.arraycopy(out, target + column, c, 0, columns);
                }
                FloatSightTile.filter(deep, filters.panels, p * FloatTile.ROWS, padded, x + column, plan.offsets, p, c,
                        whole ? target + column : 0, p == 0);
                if (!whole) {
                    System.arraycopy(c, 0, out, target + column, columns);
                }
            }
            return;
        }
        for (int column = 0; column < plan.run; column += FloatTile.COLUMNS) {
            int columns = Math.min(FloatTile.COLUMNS, plan.run - column);
            boolean whole = columns == FloatTile.COLUMNS;
            for (int k = 0; k < filters.count; k += FloatTile.ROWS) {
                int rows = Math.min(FloatTile.ROWS, filters.count - k);
                float[] c = whole ? out : scratch.edge;
                int at = target + k * stride + column;
                if (!whole && p > 0) {
                    copy(rows, columns, out, at, stride, c, 0, FloatTile.COLUMNS);
                }
                FloatSightTile.filters(deep, rows, filters.panels, k * filters.depth + p * FloatTile.ROWS, padded,
                        x + column, plan.offsets, p, c, whole ? at : 0, whole ? stride : FloatTile.COLUMNS, p == 0);
                if (!whole) {
                    copy(rows, columns, c, 0, FloatTile.COLUMNS, out, at, stride);
                }
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
     * The gradient by the weight of one image: {@code sum over windows of window's element * cotangent}, box after box.
     *
     * @param image {@code [channels, extents...]}
     * @param cotangent {@code [filters, windows...]}, contiguous
     * @param sum {@code [groups, filters / groups, (channels / groups) * taps]}, contiguous, overwritten
     */
    static void byWeight(Array image, Array cotangent, Sight sight, List<Box> boxes, Array sum) {
        int groups = sum.shape().dim(0);
        int filters = sum.shape().dim(1);
        int[] offsets = sight.offsets(sight.channels() / groups);
        Scratch scratch = SCRATCH.get();
        float[] padded = scratch.padded(sight, image);
        int width = Math.ceilDiv(filters, FloatTile.COLUMNS) * FloatTile.COLUMNS;
        for (int b = 0; b < boxes.size(); b++) {
            Box box = boxes.get(b);
            Array part = Copies.contiguous(box.of(cotangent));
            int[] rows = sight.rows(box);
            int windows = box.size();
            for (int g = 0; g < groups; g++) {
                FloatMatrix given =
                        new FloatMatrix(part.floats(), part.offset() + g * filters * windows, windows, filters, 1,
                                windows);
                float[] panels = scratch.panels(FloatPacking.size(given, FloatTile.COLUMNS));
                FloatPacking.pack(given, FloatTile.COLUMNS, panels);
                float[] c = scratch.sums(Math.ceilDiv(offsets.length, FloatTile.ROWS) * FloatTile.ROWS * width);
                int base = g * (sight.channels() / groups) * sight.plane();
                elements(rows, windows / rows.length, padded, base, offsets, panels, width, c);
                int at = sum.offset() + g * filters * offsets.length;
                for (int k = 0; k < filters; k++) {
                    for (int t = 0; t < offsets.length; t++) {
                        int place = at + k * offsets.length + t;
                        float product = c[t * width + k];
                        sum.floats()[place] = b == 0 ? product : sum.floats()[place] + product;
                    }
                }
            }
        }
    }

    /** For each element of a window and each filter the sum over the windows, in {@code c[element * width + filter]}. */
    private static void elements(int[] rows, int length, float[] padded, int base, int[] offsets, float[] panels,
            int width,
            float[] c) {
        int step = Math.max(1, WINDOWS / length);
        for (int r = 0; r < rows.length; r += step) {
            int end = Math.min(rows.length, r + step);
            for (int k = 0; k < width; k += FloatTile.COLUMNS) {
                int b = (k * rows.length + r * FloatTile.COLUMNS) * length;
                for (int t = 0; t < offsets.length; t += FloatTile.ROWS) {
                    int last = offsets.length - 1;
                    int t1 = Math.min(t + 1, last);
                    int t2 = Math.min(t + 2, last);
                    int t3 = Math.min(t + 3, last);
                    FloatSightTile.elements(rows, r, end, length, padded, base + offsets[t], base + offsets[t1],
                            base + offsets[t2], base + offsets[t3], panels, b, c, t * width + k, t1 * width + k,
                            t2 * width + k, t3 * width + k, r == 0);
                }
            }
        }
    }

    /** A call on few zeros; the nanoseconds that compiled code takes at most. */
    private static long rehearse(int call) {
        int filters = 1 + call % 9;
        int depth = 7;
        int[] offsets = {0, 1, 2, 40, 41, 42, 80};
        int[] rows = {0, 40};
        float[] padded = new float[160 + FloatTile.STRIP];
        float[] out = new float[filters * 2 * 35];
        Scratch scratch = SCRATCH.get();
        Filters some = new Filters(filters, depth, new float[Math.ceilDiv(filters, 4) * 4 * depth]);
        Plan plan = new Plan(rows, 35, call % 2 == 0 ? 35 : 75, offsets);
        group(some, padded, 0, plan, out, 0, scratch);
        elements(rows, 35, padded, 0, offsets, new float[2 * 35 * FloatTile.COLUMNS], FloatTile.COLUMNS,
                new float[8 * FloatTile.COLUMNS]);
        return (filters + 16) * 70L * depth + 2_000;
    }
}
