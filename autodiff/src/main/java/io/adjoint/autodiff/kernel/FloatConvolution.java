package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.runtime.Workers;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The SIMD convolution: of a padded copy of the image, what a few windows see is packed into a panel that stays in the
 * first-level cache while all filters read it; no matrix of patches is made. The build derives the float64 twin from this source.
 *
 * <p>Between two blocks of a sum it is stored and loaded again, which is exact, so blocking does not show in the bits.
 */
final class FloatConvolution {
    /** Most elements of windows at a time: a panel of them stays in the first-level cache, beside one of filters. */
    private static final int DEPTH = 320;

    /** With fewer images than this, several threads share one. */
    private static final int MANY = 8;

    /** Elements of whole images that an epilogue takes at once: they are still in the second-level cache. */
    private static final int PART = 1 << 16;

    /** Chunks of images for each thread at least, so that one that is held back leaves some to the others. */
    private static final int PER_THREAD = 4;

    private static final FloatTiers TIERS = new FloatTiers(FloatConvolution::trials, 1L << 30);

    private FloatConvolution() {}

    /** Whether this is compiled, or the plain path is to compute what takes so many products of two numbers. */
    static boolean serves(long products) {
        return TIERS.isSimd(products);
    }

    /**
     * Binds a convolution to arrays.
     *
     * @param images {@code [n, channels, extents...]}
     * @param weight {@code [filters, channels / groups, taps...]}, any strides
     * @param out {@code [n, filters, windows...]}, contiguous
     * @param epilogue see {@link ConvolutionKernel#forward}
     */
    static Launch prepare(Array images, Array weight, int groups, Sight sight, Array out, Epilogue epilogue) {
        FloatFilters[] filters = FloatFilters.of(weight, groups);
        Launch loop = loop(new Job(images, filters, sight, rows(sight, images),
                sight.offsetsInOrder(weight.shape().dim(1)), out), epilogue);
        return () -> {
            for (FloatFilters group : filters) {
                group.load();
            }
            loop.run();
        };
    }

    private static Launch loop(Job job, Epilogue epilogue) {
        Sight sight = job.sight;
        if (job.filters[0].count() == 1) {
            FloatDepthwise depthwise = FloatDepthwise.of(sight, job.offsets);
            return shared(job, 1, sight.count(), epilogue, (n, _, _) -> job.depthwise(n, depthwise));
        }
        if (FloatSlide.serves(sight, job.offsets.length)) {
            FloatSlide slide = FloatSlide.of(sight, job.offsets.length);
            return shared(job, slide.units(), slide.chunk() * slide.runs().windows(), epilogue,
                    (n, from, to) -> job.slide(n, slide, from, to));
        }
        Optional<FloatRows> few = FloatRows.serving(sight, job.images.shape().dim(2), job.offsets.length,
                job.filters[0].count());
        Optional<FloatAbreast> abreast = FloatAbreast.serving(job.images, job.filters, sight, job.rows, job.offsets,
                job.out, few.map(FloatRows::products).orElseGet(() -> products(job)), Workers.threads());
        if (abreast.isPresent()) {
            return abreast(job, abreast.get(), epilogue);
        }
        if (few.isPresent()) {
            FloatRows rows = few.get();
            FloatRows.ZeroProducts[] zeros =
                    Arrays.stream(job.filters).map(FloatRows.ZeroProducts::new).toArray(FloatRows.ZeroProducts[]::new);
            return Launch.all(() -> load(zeros), shared(job, rows.units(), rows.windows(), epilogue,
                    (n, from, to) -> job.rows(n, rows, zeros, from, to)));
        }
        if (FloatRaster.serves(sight, job.filters[0].count())) {
            FloatRaster raster = FloatRaster.of(sight);
            return shared(job, raster.units(), raster.chunk() * raster.length(), epilogue,
                    (n, from, to) -> job.raster(n, raster, from, to));
        }
        Runs runs = Runs.of(sight, 0, sight.count(), FloatSightTile.COLUMNS);
        return shared(job, runs.blocks(), FloatSightTile.COLUMNS, epilogue,
                (n, from, to) -> job.panels(n, runs, from, to));
    }

    /** Vectors of products of a filter with an image, of a raster or of panels, with what it costs to pack these. */
    private static long products(Job job) {
        int filters = job.filters[0].count();
        int tile = FloatAbreast.isWide(filters) ? FloatSightTile.STRIP : FloatSightTile.COLUMNS;
        int[] starts = job.sight.starts();
        boolean isRaster = FloatRaster.serves(job.sight, filters);
        long places = isRaster ? starts[starts.length - 1] - starts[0] + job.sight.count() / starts.length
                : (long) job.sight.count() * (filters + FloatRaster.PACKING) / filters;
        return Math.ceilDiv(places, tile) * tile / FloatSightTile.LANES * job.offsets.length;
    }

    private static Launch abreast(Job job, FloatAbreast abreast, Epilogue epilogue) {
        int filters = job.out.shape().dim(1);
        Launch[] finishes = new Launch[abreast.units()];
        Arrays.setAll(finishes, unit -> epilogue.on(abreast.first(unit) * filters, 0, abreast.count(unit) * filters,
                job.sight.count()));
        return Launch.all(abreast::load, Workers.prepare(finishes.length, unit -> {
            abreast.run(unit);
            finishes[unit].run();
        }));
    }

    /** In each run, so without a stream. */
    private static void load(FloatRows.ZeroProducts[] zeros) {
        for (FloatRows.ZeroProducts group : zeros) {
            group.load();
        }
    }

    /** Computes some units of an image. */
    private interface Share {
        void compute(int n, int from, int to);
    }

    /**
     * Images, or parts of them, each with its part of the epilogue.
     *
     * @param windows of a unit; the last one may have fewer
     */
    private static Launch shared(Job job, int units, int windows, Epilogue epilogue, Share share) {
        int batch = job.out.shape().dim(0);
        int filters = job.out.shape().dim(1);
        int parts = parts(batch, units);
        if (parts == 1) {
            return whole(job, units, epilogue, share);
        }
        int[] begins = IntStream.rangeClosed(0, parts).map(part -> Tiling.begin(part, parts, units)).toArray();
        Launch[] finishes = new Launch[batch * parts];
        Arrays.setAll(finishes, chunk -> {
            int column = begins[chunk % parts] * windows;
            int end = Math.min(begins[chunk % parts + 1] * windows, job.sight.count());
            return epilogue.on(chunk / parts * filters, column, filters, end - column);
        });
        return Workers.prepare(finishes.length, chunk -> {
            share.compute(chunk / parts, begins[chunk % parts], begins[chunk % parts + 1]);
            finishes[chunk].run();
        });
    }

    /** Images, some of them with their part of the epilogue: one call for each would cost too much where they are small. */
    private static Launch whole(Job job, int units, Epilogue epilogue, Share share) {
        int batch = job.out.shape().dim(0);
        int filters = job.out.shape().dim(1);
        int windows = job.sight.count();
        int least = PER_THREAD * Workers.threads();
        int together = Math.clamp(PART / (filters * windows), 1, Math.ceilDiv(batch, least));
        Launch[] finishes = new Launch[Math.ceilDiv(batch, together)];
        Arrays.setAll(finishes, i -> epilogue.on(i * together * filters, 0,
                Math.min(together, batch - i * together) * filters, windows));
        return Workers.prepare(finishes.length, i -> {
            for (int n = i * together; n < Math.min(batch, (i + 1) * together); n++) {
                share.compute(n, 0, units);
            }
            finishes[i].run();
        });
    }

    /** Into how many parts to cut an image. */
    private static int parts(int batch, int most) {
        return batch >= MANY ? 1 : Math.min(most, Workers.threads());
    }

    /** What all images share. */
    private record Job(Array images, FloatFilters[] filters, Sight sight, Sight.Rows rows, int[] offsets, Array out) {
        /** The place of a group's first channel. */
        private int base(int group) {
            return group * (sight.channels() / filters.length) * sight.plane();
        }

        private int target(int n, int group) {
            return out.offset() + (n * filters.length + group) * filters[0].count() * sight.count();
        }

        void depthwise(int n, FloatDepthwise depthwise) {
            FloatPatches patches = FloatPatches.ofThread();
            float[] padded = patches.padded(sight, rows, images, n);
            for (int g = 0; g < filters.length; g++) {
                depthwise.run(filters[g], padded, base(g), out.floats(), target(n, g), patches);
            }
        }

        /** Elements of windows at a time. */
        private int depth() {
            return Math.ceilDiv(offsets.length, Math.ceilDiv(offsets.length, DEPTH));
        }

        /** Some blocks of windows, one after the other. */
        void panels(int n, Runs runs, int from, int to) {
            FloatPatches patches = FloatPatches.ofThread();
            float[] padded = patches.padded(sight, rows, images, n);
            int depth = depth();
            float[] panel = patches.patches(depth * FloatSightTile.COLUMNS + FloatSightTile.STRIP);
            for (int g = 0; g < filters.length; g++) {
                for (int p = 0; p < offsets.length; p += depth) {
                    int deep = Math.min(depth, offsets.length - p);
                    for (int block = from; block < to; block++) {
                        FloatPatches.panel(runs, block, offsets, p, deep, padded, base(g), panel, 0);
                        filters[g].multiply(p, deep, panel, 0, runs.size(block), sight.count(), out.floats(),
                                target(n, g) + block * FloatSightTile.COLUMNS, patches.edge);
                    }
                }
            }
        }

        /** Some units of a raster. */
        void raster(int n, FloatRaster raster, int from, int to) {
            FloatPatches patches = FloatPatches.ofThread();
            float[] padded = patches.padded(sight, rows, images, n);
            for (int g = 0; g < filters.length; g++) {
                for (int unit = from; unit < to; unit++) {
                    raster.run(unit, filters[g], depth(), offsets, padded, base(g), out.floats(), target(n, g),
                            sight.count(), patches);
                }
            }
        }

        /** Some units of rows. */
        void rows(int n, FloatRows units, FloatRows.ZeroProducts[] zeros, int from, int to) {
            FloatPatches patches = FloatPatches.ofThread();
            float[] padded = patches.padded(sight, rows, images, n);
            for (int g = 0; g < filters.length; g++) {
                for (int unit = from; unit < to; unit++) {
                    units.run(unit, filters[g], zeros[g], depth(), offsets, padded, base(g), out.floats(), target(n, g),
                            sight.count(), patches);
                }
            }
        }

        /** Some units of a slide. */
        void slide(int n, FloatSlide slide, int from, int to) {
            FloatPatches patches = FloatPatches.ofThread();
            float[] padded = patches.padded(sight, rows, images, n);
            int depth = depth();
            float[] panels = patches.patches(slide.room());
            for (int g = 0; g < filters.length; g++) {
                for (int unit = from; unit < to; unit++) {
                    slide.pack(unit, offsets, padded, base(g), panels);
                    for (int p = 0; p < offsets.length; p += depth) {
                        int deep = Math.min(depth, offsets.length - p);
                        for (int row = slide.first(unit); row < slide.end(unit); row++) {
                            row(filters[g], p, deep, panels, slide, unit, row, target(n, g), patches.edge);
                        }
                    }
                }
            }
        }

        private void row(FloatFilters group, int p, int deep, float[] panels, FloatSlide slide, int unit, int row,
                int target, float[] edge) {
            Runs runs = slide.runs();
            for (int block = 0; block < runs.blocks(); block++) {
                group.multiply(p, deep, panels, slide.panel(unit, row, block) + p * FloatSightTile.COLUMNS,
                        runs.size(block), sight.count(), out.floats(),
                        target + row * runs.windows() + block * FloatSightTile.COLUMNS, edge);
            }
        }
    }

    /** The rows of an image's channel in the padded one. */
    static Sight.Rows rows(Sight sight, Array images) {
        int rank = images.shape().rank();
        return sight.rows(Arrays.copyOfRange(images.shape().dims(), 2, rank),
                Arrays.copyOfRange(images.strides(), 2, rank));
    }

    /** Channels and filters of a group, groups, extents, taps along both axes, strides, and images if several: of calls that take every branch. */
    private static final int[][] CALLS =
            {{45, 5, 1, 3, 18, 3, 1}, {3, 9, 1, 3, 32, 3, 1}, {3, 9, 1, 3, 37, 3, 1}, {3, 80, 1, 3, 37, 3, 1},
                {2, 40, 1, 9, 5, 3, 1}, {2, 9, 1, 6, 9, 3, 2}, {1, 1, 3, 3, 40, 3, 1}, {2, 6, 2, 6, 5, 2, 1},
                {12, 17, 1, 4, 12, 1, 1}, {1, 1, 2, 9, 9, 3, 2}, {43, 2, 1, 4, 9, 3, 1}, {2, 6, 1, 6, 9, 5, 1},
                {2, 3, 1, 6, 9, 5, 1}, {1, 6, 1, 6, 9, 5, 1}, {4, 6, 1, 6, 9, 4, 1},
                {16, 9, 1, 4, 4, 3, 1, FloatSightTile.LANES},
                {16, 6, 1, 4, 4, 3, 1, FloatSightTile.LANES}, {16, 3, 1, 4, 4, 3, 1, FloatSightTile.LANES}};

    /** Convolutions of few zeros, each with its gradient by weight, as two sums and as one. */
    private static List<FloatTiers.Trial> trials() {
        return Arrays.stream(CALLS).map(FloatConvolution::trial).toList();
    }

    private static FloatTiers.Trial trial(int[] sizes) {
        int groups = sizes[2];
        int batch = sizes.length > 7 ? sizes[7] : 1;
        int[] both = {sizes[6], sizes[6]};
        Sliding sliding = new Sliding(both, new int[] {sizes[5] / 2, sizes[5] / 2}, new int[] {1, 1});
        int height = (sizes[3] - 1) / sizes[6] + 1;
        int width = (sizes[4] - 1) / sizes[6] + 1;
        int depth = sizes[0] * sizes[5] * sizes[5];
        Array images = Array.allocate(DType.F32, Shape.of(batch, sizes[0] * groups, sizes[3], sizes[4]));
        Array weight = Array.allocate(DType.F32, Shape.of(groups * sizes[1], sizes[0], sizes[5], sizes[5]));
        Array out = Array.allocate(DType.F32, Shape.of(batch, sizes[1] * groups, height, width));
        Sight sight = Sight.of(sliding, ConvolutionKernel.imageShape(images), new int[] {sizes[5], sizes[5]},
                new int[] {height, width}).orElseThrow();
        Launch forward = batch == 1 ? prepare(images, weight, groups, sight, out, Epilogue.NONE)
                // several images are side by side if there are as many such groups as threads
                : Workers.withThreads(1, () -> prepare(images, weight, groups, sight, out, Epilogue.NONE));
        Launch byWeight = FloatConvolutionWeight.prepare(images, out, groups, sight,
                new int[] {0, sight.count() / 2, sight.count()}, weight);
        Launch atOnce =
                FloatConvolutionWeight.prepare(images, out, groups, sight, new int[] {0, sight.count()}, weight);
        return new FloatTiers.Trial(Launch.all(forward, byWeight, atOnce), 3L * out.size() * depth + 70_000);
    }
}
