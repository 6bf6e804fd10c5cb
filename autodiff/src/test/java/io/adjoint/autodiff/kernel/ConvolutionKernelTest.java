package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Workers;
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
        int[] extents = new int[axes];
        for (int a = 0; a < axes; a++) {
            extents[a] = Math.max(1, windows[a] + (taps[a] - 1) * dilation[a] - samples.between(0, 4));
        }
        int[] ones = IntStream.range(0, axes).map(_ -> 1).toArray();
        check(samples, new Sliding(ones, before, dilation), groups, samples.between(1, 2), samples.between(1, 3),
                samples.between(1, 6), extents, taps, windows);
    }

    /** Sums longer than a block, tiles that do not fill up, one filter, rows too short for a tile, a part in boxes. */
    @ParameterizedTest
    @CsvSource({"50, 5, 9, 3, 1", "130, 4, 33, 3, 1", "3, 6, 28, 5, 1", "6, 16, 10, 5, 1", "8, 1, 70, 3, 8",
        "70, 9, 40, 3, 2",
        "32, 32, 48, 3, 1"})
    void sizesAroundTheBlocks(int channels, int filters, int extent, int tap, int groups) {
        int[] ones = {1, 1};
        int[] both = {extent, extent};
        check(new Samples(5), new Sliding(ones, new int[] {tap / 2, tap / 2}, ones), groups, 2, channels / groups,
                filters,
                both, new int[] {tap, tap}, both);
    }

    private static void check(Samples samples, Sliding sliding, int groups, int batch, int channels, int filters,
            int[] extents, int[] taps, int[] windows) {
        for (DType type : new DType[] {DType.F32, DType.F64}) {
            Array images = operand(samples, type, shape(batch, channels * groups, extents));
            Array weight = operand(samples, type, shape(filters * groups, channels, taps));
            Array cotangent = operand(samples, type, shape(batch, filters * groups, windows));
            ConvolutionKernel plain = new ConvolutionKernel(sliding, groups, Simd.Mode.OFF);
            ConvolutionKernel simd = new ConvolutionKernel(sliding, groups, Simd.Mode.EAGER);
            compare("forward", cotangent, out -> plain.forward(images, weight, out),
                    out -> simd.forward(images, weight, out));
            compare("by images", images, out -> plain.byImages(cotangent, weight, out),
                    out -> simd.byImages(cotangent, weight, out));
            compare("by weight", weight, out -> plain.byWeight(images, cotangent, out),
                    out -> simd.byWeight(images, cotangent, out));
        }
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
