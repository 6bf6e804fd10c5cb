package io.adjoint.autodiff.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.runtime.Workers;
import java.lang.management.ManagementFactory;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Convolution without a matrix of patches has the bits of the one with it, in all three directions. */
class ConvolutionKernelTest {
    @Property(tries = 400, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void anySlideGivesTheBitsOfThePlainPath(@ForAll long seed) {
        Samples samples = new Samples(seed);
        int axes = samples.between(1, 3);
        int groups = samples.between(1, 3);
        int[] windows = numbers(samples, axes, 1, axes == 1 ? 70 : 20);
        int[] taps = numbers(samples, axes, 1, 3);
        int[] dilation = numbers(samples, axes, 1, 2);
        int[] before = numbers(samples, axes, -2, 3);
        int[] stride = numbers(samples, axes, 1, samples.between(1, 4));
        int[] extents = new int[axes];
        for (int a = 0; a < axes; a++) {
            int reach = (windows[a] - 1) * stride[a] + 1 + (taps[a] - 1) * dilation[a];
            extents[a] = Math.max(1, reach - samples.between(0, 4));
        }
        check(samples, new Sliding(stride, before, dilation), groups, samples.between(1, 2), samples.between(1, 3),
                samples.between(1, 6), extents, taps, windows);
    }

    /** Sums longer than a block, tiles that do not fill up, one filter, rows too short for a tile, a part in boxes. */
    @ParameterizedTest
    @CsvSource({"50, 5, 9, 3, 1, 1", "130, 4, 33, 3, 1, 1", "3, 6, 28, 5, 1, 1", "6, 16, 10, 5, 1, 1",
        "8, 1, 70, 3, 8, 1",
        "70, 9, 40, 3, 2, 1", "32, 32, 48, 3, 1, 1", "3, 17, 45, 7, 1, 2", "30, 20, 14, 3, 1, 2", "20, 1, 33, 3, 20, 2",
        "16, 18, 40, 1, 1, 1", "16, 18, 19, 1, 1, 2", "3, 40, 32, 4, 1, 4",
        "8, 9, 30, 3, 2, 1", "3, 3, 20, 8, 1, 1", "4, 16, 21, 4, 1, 1", "2, 7, 24, 11, 1, 1", "1, 5, 60, 3, 1, 1"})
    void sizesAroundTheBlocks(int channels, int filters, int extent, int tap, int groups, int stride) {
        int[] ones = {1, 1};
        int[] strides = {stride, stride};
        int windows = (extent + tap / 2 * 2 - tap) / stride + 1;
        check(new Samples(5), new Sliding(strides, new int[] {tap / 2, tap / 2}, ones), groups, 2, channels / groups,
                filters, new int[] {extent, extent}, new int[] {tap, tap}, new int[] {windows, windows});
    }

    /** What a window sees fits into two vectors, where these have sixteen lanes: runs of many lengths. */
    @Property(tries = 300, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void fewFiltersOfOneChannelGiveTheBitsOfThePlainPath(@ForAll long seed) {
        Samples samples = new Samples(seed);
        int axes = samples.between(2, 3);
        int[] taps = numbers(samples, axes, 1, axes == 2 ? 6 : 2);
        taps[axes - 1] = samples.between(3, 8);
        int[] extents = numbers(samples, axes, 1, axes == 2 ? 20 : 8);
        int[] before = numbers(samples, axes, 0, 3);
        int[] windows = new int[axes];
        for (int a = 0; a < axes; a++) {
            windows[a] = Math.max(0, extents[a] + before[a] + samples.between(0, 3) - taps[a]) + 1;
        }
        check(samples, new Sliding(numbers(samples, axes, 1, 1), before, numbers(samples, axes, 1, 1)),
                samples.between(1, 2), samples.between(1, 3), 1, samples.between(1, 7), extents, taps, windows);
    }

    /** Products so small that sums are -0, which zeros beyond the image make 0 or leave; weights of one sign, infinite or NaN among them. */
    @Property(tries = 300, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void fewFiltersThatSeeBeyondTheImageGiveTheBitsOfThePlainPath(@ForAll long seed) {
        Samples samples = new Samples(seed);
        int axes = samples.between(2, 3);
        int groups = samples.between(1, 2);
        int filters = samples.between(5, 6) * groups;
        int batch = samples.oneOf(2, 16); // in the second case small ones lie side by side
        int channels = samples.between(1, 3);
        int[] taps = numbers(samples, axes, 1, axes == 2 ? 5 : 3);
        int[] extents = numbers(samples, axes, 1, axes == 2 ? 18 : 6);
        extents[axes - 1] = batch == 2 ? samples.between(5, 34) : samples.between(1, 10);
        int[] before = numbers(samples, axes, 0, 4);
        int[] dilation = numbers(samples, axes, 1, 2);
        int[] stride = numbers(samples, axes, 1, samples.between(1, 2));
        int[] windows = new int[axes];
        for (int a = 0; a < axes; a++) {
            int room = extents[a] + before[a] + samples.between(0, 4) - (taps[a] - 1) * dilation[a] - 1;
            windows[a] = Math.max(0, room) / stride[a] + 1;
        }
        boolean isFinite = samples.between(0, 3) > 0;
        Sliding sliding = new Sliding(stride, before, dilation);
        ConvolutionKernel plain = new ConvolutionKernel(sliding, groups, Simd.Mode.OFF);
        ConvolutionKernel simd = new ConvolutionKernel(sliding, groups, Simd.Mode.EAGER);
        for (DType type : new DType[] {DType.F32, DType.F64}) {
            Array images = tiny(samples, type, shape(batch, channels * groups, extents));
            Array weight = tiny(samples, type, shape(filters, channels, taps));
            int each = weight.size() / filters;
            for (int k = 0; k < filters; k++) {
                int positive = samples.oneOf(0, samples.between(0, each), each); // the others are negative
                for (int i = k * each; i < (k + 1) * each; i++) {
                    long bits = Elements.get(weight, i);
                    long sign = type == DType.F32 ? 1L << 31 : 1L << 63;
                    Elements.set(weight, i, i - k * each < positive ? bits & ~sign : bits | sign);
                }
            }
            if (!isFinite) {
                Elements.set(weight, samples.between(0, weight.size() - 1), type == DType.F32
                        ? Float.floatToRawIntBits(samples.oneOf(Float.NaN, Float.NEGATIVE_INFINITY))
                        : Double.doubleToRawLongBits(samples.oneOf(Double.NaN, Double.NEGATIVE_INFINITY)));
            }
            compare("forward", Array.allocate(type, shape(batch, filters, windows)),
                    out -> plain.forward(images, weight, out, Epilogue.NONE).run(),
                    out -> Workers.withThreads(1, () -> {
                        simd.forward(images, weight, out, Epilogue.NONE).run();
                        return out;
                    }));
        }
    }

    /** Batches that fill all lanes and some that do not, rows of windows that fill no vectors, edges on all sides. */
    @Property(tries = 200, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void smallImagesSideBySideGiveTheBitsOfThePlainPath(@ForAll long seed) {
        Samples samples = new Samples(seed);
        int groups = samples.between(1, 2);
        int[] taps = numbers(samples, 2, 1, 5);
        int[] dilation = numbers(samples, 2, 1, 2);
        int[] before = numbers(samples, 2, 0, 4);
        int[] extents = numbers(samples, 2, 1, 15);
        int[] windows = new int[2];
        for (int a = 0; a < 2; a++) {
            int room = extents[a] + before[a] + samples.between(0, 4) - (taps[a] - 1) * dilation[a] - 1;
            windows[a] = Math.max(0, room) + 1;
        }
        int batch = samples.between(14, 35);
        Workers.withThreads(1, () -> { // more threads share single images
            check(samples, new Sliding(new int[] {1, 1}, before, dilation), groups, batch, samples.between(1, 4),
                    samples.between(2, 18), extents, taps, windows);
            return batch;
        });
    }

    @ParameterizedTest
    @CsvSource({"4, 1, 6, 28", "4, 6, 16, 14", "4, 3, 40, 30", "4, 4, 1, 9", "32, 6, 16, 10", "20, 16, 6, 10"})
    void nothingIsAllocatedOnceItIsPrepared(int batch, int channels, int filters, int extent) {
        Array images = Array.allocate(DType.F32, Shape.of(batch, channels, extent, extent));
        Array weight = Array.allocate(DType.F32, Shape.of(filters, channels, 5, 5));
        int[] ones = {1, 1};
        Array out = Array.allocate(DType.F32, Shape.of(batch, filters, extent, extent));
        ConvolutionKernel kernel =
                new ConvolutionKernel(new Sliding(ones, new int[] {2, 2}, ones), 1, Simd.Mode.EAGER);
        assertAllocatesNothing(kernel.forward(images, weight, out, Epilogue.NONE));
        assertAllocatesNothing(kernel.byWeight(images, out, weight));
    }

    private static void assertAllocatesNothing(Launch launch) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3_000 && least > 0; i++) { // until the vectors are in registers
            long before = threads.getCurrentThreadAllocatedBytes();
            launch.run();
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least);
    }

    /** Numbers of which no product of two is any but 0 or -0, and zeros. */
    private static Array tiny(Samples samples, DType type, Shape shape) {
        Array array = Array.allocate(type, shape);
        for (int i = 0; i < array.size(); i++) {
            int number = samples.between(-3, 3);
            Elements.set(array, i, type == DType.F32 ? Float.floatToRawIntBits(number * 1e-30f)
                    : Double.doubleToRawLongBits(number * 1e-200));
        }
        return array;
    }

    /** Both orders of sums, as they are specified, one product after the other. */
    @Property(tries = 100, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void everySumHasItsOrder(@ForAll long seed) {
        Samples samples = new Samples(seed);
        int[] taps = numbers(samples, 2, 1, 4);
        int[] stride = numbers(samples, 2, 1, 3);
        int[] dilation = numbers(samples, 2, 1, 3);
        int[] before = numbers(samples, 2, -2, 4);
        int[] extents = numbers(samples, 2, 1, 18);
        int[] windows = numbers(samples, 2, 1, 18);
        int channels = samples.between(1, 3);
        int filters = samples.between(1, 5);
        Array images = finite(samples, shape(1, channels, extents));
        Array weight = finite(samples, shape(filters, channels, taps));
        Array cotangent = finite(samples, shape(1, filters, windows));
        Array forward = Array.allocate(DType.F32, cotangent.shape());
        Array byImages = Array.allocate(DType.F32, images.shape());
        // for a window the taps ascend; for an element the windows do, so the taps descend
        for (int oy = 0; oy < windows[0]; oy++) {
            for (int k = 0; k < filters; k++) {
                for (int ox = 0; ox < windows[1]; ox++) {
                    int window = (k * windows[0] + oy) * windows[1] + ox;
                    for (int ty = 0; ty < taps[0]; ty++) {
                        for (int c = 0; c < channels; c++) {
                            for (int tx = 0; tx < taps[1]; tx++) {
                                int y = oy * stride[0] + ty * dilation[0] - before[0];
                                int x = ox * stride[1] + tx * dilation[1] - before[1];
                                int tap = ((k * channels + c) * taps[0] + ty) * taps[1] + tx;
                                int place = (c * extents[0] + y) * extents[1] + x;
                                boolean inside = y >= 0 && y < extents[0] && x >= 0 && x < extents[1];
                                add(inside ? images.floats()[images.offset() + place] : 0,
                                        weight.floats()[weight.offset() + tap], forward, window);
                                if (inside) {
                                    add(cotangent.floats()[cotangent.offset() + window],
                                            weight.floats()[weight.offset() + tap], byImages, place);
                                }
                            }
                        }
                    }
                }
            }
        }
        for (Simd.Mode mode : new Simd.Mode[] {Simd.Mode.OFF, Simd.Mode.EAGER}) {
            ConvolutionKernel kernel = new ConvolutionKernel(new Sliding(stride, before, dilation), 1, mode);
            compare("forward", cotangent, out -> move(forward, out),
                    out -> kernel.forward(images, weight, out, Epilogue.NONE).run());
            compare("by images", images, out -> move(byImages, out),
                    out -> kernel.byImages(cotangent, weight, out, Epilogue.NONE).run());
        }
    }

    /** Numbers whose sums round. */
    private static Array finite(Samples samples, Shape shape) {
        Array array = Array.allocate(DType.F32, shape);
        for (int i = 0; i < array.size(); i++) {
            array.floats()[array.offset() + i] = samples.between(-1000, 1000) / 7f;
        }
        return array;
    }

    private static void add(float a, float b, Array sums, int index) {
        int at = sums.offset() + index;
        sums.floats()[at] = Math.fma(a, b, sums.floats()[at]);
    }

    private static void move(Array from, Array to) {
        System.arraycopy(from.floats(), from.offset(), to.floats(), to.offset(), from.size());
    }

    private static void check(Samples samples, Sliding sliding, int groups, int batch, int channels, int filters,
            int[] extents, int[] taps, int[] windows) {
        for (DType type : new DType[] {DType.F32, DType.F64}) {
            Array images = operand(samples, type, shape(batch, channels * groups, extents));
            Array weight = operand(samples, type, shape(filters * groups, channels, taps));
            Array cotangent = operand(samples, type, shape(batch, filters * groups, windows));
            ConvolutionKernel plain = new ConvolutionKernel(sliding, groups, Simd.Mode.OFF);
            ConvolutionKernel simd = new ConvolutionKernel(sliding, groups, Simd.Mode.EAGER);
            compare("forward", cotangent, out -> plain.forward(images, weight, out, Epilogue.NONE).run(),
                    out -> simd.forward(images, weight, out, Epilogue.NONE).run());
            compare("by images", images, out -> plain.byImages(cotangent, weight, out, Epilogue.NONE).run(),
                    out -> simd.byImages(cotangent, weight, out, Epilogue.NONE).run());
            compare("forward, copied part by part", cotangent,
                    out -> plain.forward(images, weight, out, Epilogue.NONE).run(), out -> {
                        Array result = Array.allocate(type, out.shape());
                        simd.forward(images, weight, result, copying(result, out)).run();
                    });
            compare("by images, copied part by part", images,
                    out -> plain.byImages(cotangent, weight, out, Epilogue.NONE).run(), out -> {
                        Array result = Array.allocate(type, out.shape());
                        simd.byImages(cotangent, weight, result, copying(result, out)).run();
                    });
            compare("by weight", weight, out -> plain.byWeight(images, cotangent, out).run(),
                    out -> simd.byWeight(images, cotangent, out).run());
        }
    }

    /** An epilogue that copies what is finished, each element once. */
    private static Epilogue copying(Array from, Array to) {
        int filters = from.shape().dim(1);
        int stride = from.size() / Math.max(1, from.shape().dim(0) * filters);
        return (row, column, rows, columns) -> () -> {
            assertTrue(row % filters + rows <= filters || row % filters == 0 && rows % filters == 0,
                    "images or of one");
            for (int r = row; r < row + rows; r++) {
                System.arraycopy(from.data(), from.offset() + r * stride + column, to.data(),
                        to.offset() + r * stride + column, columns);
            }
        };
    }

    private interface Run {
        void into(Array out);
    }

    private static void compare(String what, Array like, Run plain, Run simd) {
        Array expected = Array.allocate(like.dtype(), like.shape());
        plain.into(expected);
        for (int threads = 1; threads <= 3; threads += 2) {
            Array actual = Array.allocate(like.dtype(), like.shape());
            Workers.withThreads(threads, () -> {
                simd.into(actual);
                return actual;
            });
            Elements.assertSameBits(expected, actual, what + " with " + threads + " threads");
        }
    }

    private static Array operand(Samples samples, DType type, Shape shape) {
        return samples.flip() ? samples.dense(type, shape) : samples.view(type, shape);
    }

    private static int[] numbers(Samples samples, int count, int least, int most) {
        return IntStream.range(0, count).map(_ -> samples.between(least, most)).toArray();
    }

    private static Shape shape(int first, int second, int[] rest) {
        return Shape.of(IntStream.concat(IntStream.of(first, second), IntStream.of(rest)).toArray());
    }
}
