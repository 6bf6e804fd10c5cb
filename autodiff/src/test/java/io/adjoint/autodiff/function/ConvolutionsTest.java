package io.adjoint.autodiff.function;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.check.GradientCheck;
import io.adjoint.autodiff.runtime.Workers;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

class ConvolutionsTest {
    private static final ConvolutionOptions DEFAULT = ConvolutionOptions.DEFAULT;

    /** A random call; windows, stride, padding and dilation of its own for each axis. */
    private record Call(Tensor images, Tensor weight, Tensor bias, int[] stride, int[] padding, int[] dilation,
            int[] longer, int groups) {
        static Call random(long seed, boolean transposed) {
            Random random = new Random(seed);
            int axes = 1 + random.nextInt(3);
            int groups = 1 + random.nextInt(3);
            int in = groups * (1 + random.nextInt(2));
            int out = groups * (1 + random.nextInt(2));
            int[] window = numbers(random, axes, 1, 3);
            int[] stride = numbers(random, axes, 1, 3);
            int[] padding = numbers(random, axes, 0, 2);
            int[] dilation = numbers(random, axes, 1, 2);
            int[] longer = new int[axes];
            int[] extents = new int[axes];
            for (int a = 0; a < axes; a++) {
                longer[a] = random.nextInt(Math.max(stride[a], dilation[a]));
                int span = (window[a] - 1) * dilation[a] + 1;
                int least = transposed ? Math.ceilDiv(Math.max(0, 2 * padding[a] - span - longer[a] + 1), stride[a]) + 1
                        : Math.max(1, span - 2 * padding[a]);
                extents[a] = least + random.nextInt(4);
            }
            Rng rng = Rng.seed(seed);
            return new Call(rng.stream(0).normal(shape(random.nextInt(3), in, extents), DType.F64),
                    rng.stream(1).normal(transposed ? shape(in, out / groups, window) : shape(out, in / groups, window),
                            DType.F64),
                    rng.stream(2).normal(Shape.of(out), DType.F64), stride, padding, dilation, longer, groups);
        }

        private static int[] numbers(Random random, int count, int least, int most) {
            return random.ints(count, least, most + 1).toArray();
        }

        private static Shape shape(int first, int second, int[] rest) {
            return Shape.of(IntStream.concat(IntStream.of(first, second), IntStream.of(rest)).toArray());
        }

        ConvolutionOptions options() {
            return DEFAULT.stride(stride).padding(padding).dilation(dilation).groups(groups);
        }

        int axes() {
            return stride.length;
        }
    }

    /** Calls {@code visit} with every combination of coordinates. */
    private static void forEach(int[] dims, Consumer<int[]> visit) {
        int size = Arrays.stream(dims).reduce(1, (a, b) -> a * b);
        for (int i = 0; i < size; i++) {
            int[] at = new int[dims.length];
            int rest = i;
            for (int a = dims.length - 1; a >= 0; a--) {
                at[a] = rest % dims[a];
                rest /= dims[a];
            }
            visit.accept(at);
        }
    }

    private static int number(Shape shape, int[] at) {
        int number = 0;
        for (int a = 0; a < at.length; a++) {
            number = number * shape.dim(a) + at[a];
        }
        return number;
    }

    /** Every product of an element of the images, an element of the weight: where both meet, the third place. */
    private static double[] naive(Call call, Shape out, boolean transposed) {
        double[] x = call.images.toDoubles();
        double[] w = call.weight.toDoubles();
        double[] sums = new double[out.size()];
        int outer = call.weight.dim(0) / call.groups;
        int axes = call.axes();
        int[] windows = (transposed ? call.images.shape() : out).dims();
        forEach(call.weight.shape().dims(), tap -> forEach(windows, window -> {
            int[] seen = new int[axes + 2];
            seen[0] = window[0];
            seen[1] = tap[0] / outer * call.weight.dim(1) + tap[1];
            boolean exists = window[1] == tap[0];
            Shape images = transposed ? out : call.images.shape();
            for (int a = 0; a < axes; a++) {
                seen[a + 2] = window[a + 2] * call.stride[a] + tap[a + 2] * call.dilation[a] - call.padding[a];
                exists &= seen[a + 2] >= 0 && seen[a + 2] < images.dim(a + 2);
            }
            if (exists) {
                int place = number(images, seen);
                int other = number(transposed ? call.images.shape() : out, window);
                double weight = w[number(call.weight.shape(), tap)];
                sums[transposed ? place : other] += weight * x[transposed ? other : place];
            }
        }));
        return sums;
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void convolutionIsTheSumOverChannelsAndTaps(@ForAll long seed) {
        Call call = Call.random(seed, false);
        Tensor out = Convolutions.convolve(call.images, call.weight, call.options());
        for (int a = 0; a < call.axes(); a++) {
            int room =
                    call.images.dim(a + 2) + 2 * call.padding[a] - (call.weight.dim(a + 2) - 1) * call.dilation[a] - 1;
            assertEquals(room / call.stride[a] + 1, out.dim(a + 2));
        }
        assertArrayEquals(naive(call, out.shape(), false), out.toDoubles(), 1e-12, () -> "seed " + seed);
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void transposedConvolutionSpreadsEachElement(@ForAll long seed) {
        Call call = Call.random(seed, true);
        Tensor out = Convolutions.transposed(call.images, call.weight, call.options().outputPadding(call.longer));
        for (int a = 0; a < call.axes(); a++) {
            assertEquals((call.images.dim(a + 2) - 1) * call.stride[a] - 2 * call.padding[a]
                    + (call.weight.dim(a + 2) - 1) * call.dilation[a] + call.longer[a] + 1, out.dim(a + 2));
        }
        assertArrayEquals(naive(call, out.shape(), true), out.toDoubles(), 1e-12, () -> "seed " + seed);
    }

    @Property(tries = 40, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void gradientsOfBothOrdersEqualDifferences(@ForAll long seed) {
        Call call = Call.random(seed, false);
        GradientCheck.of("convolve").withSeed(seed)
                .check(in -> Convolutions.convolve(in.getFirst(), in.get(1), in.get(2), call.options()), call.images,
                        call.weight, call.bias);
        Call other = Call.random(seed, true);
        GradientCheck.of("transposed").withSeed(seed)
                .check(in -> Convolutions.transposed(in.getFirst(), in.get(1), in.get(2), other.options()
                        .outputPadding(other.longer)), other.images, other.weight, other.bias);
    }

    /** Patches of such images are cut into several matrices. */
    @Test
    void largeImagesAreCutIntoPartsThatDoNotShow() {
        for (DType dtype : new DType[] {DType.F64, DType.F32}) {
            Rng rng = Rng.seed(5);
            Tensor images = rng.stream(0).normal(Shape.of(2, 40, 41, 43), dtype).tracked();
            Tensor weight = rng.stream(1).normal(Shape.of(2, 20, 3, 4), dtype).tracked();
            ConvolutionOptions options = DEFAULT.padding(1, 2).groups(2);
            Tensor out = Convolutions.convolve(images, weight, options);
            Call call = new Call(images.cast(DType.F64), weight.cast(DType.F64), weight, new int[] {1, 1},
                    new int[] {1, 2}, new int[] {1, 1}, new int[2], 2);
            double tolerance = dtype == DType.F64 ? 1e-11 : 1e-3;
            assertArrayEquals(dtype == DType.F64 ? naive(call, out.shape(), false)
                    : Convolutions.convolve(call.images, call.weight, options).toDoubles(),
                    out.cast(DType.F64).toDoubles(), tolerance);
            Tensor back = out.square().sum().mul(0.5).gradients(images).of(images);
            Tensor spread = Convolutions.transposed(out.detached(), weight.detached(), options);
            assertTrue(back.sameBits(spread), "the gradient is the transposed convolution");
            Tensor byWeight = out.sum().gradients(weight).of(weight);
            Tensor first = Convolutions.convolve(images.slice(1, 0, 20).transpose(0, 1),
                    Tensor.full(Shape.of(1, 2, 41, 44), dtype, 1), DEFAULT.padding(1, 2)).squeeze(1);
            double[] expected = first.cast(DType.F64).toDoubles();
            assertArrayEquals(expected, byWeight.select(0, 0).cast(DType.F64).toDoubles(), tolerance * 10);
            Tensor alone = Workers.withThreads(1, () -> Convolutions.convolve(images, weight, options));
            assertTrue(alone.sameBits(Workers.withThreads(3, () -> Convolutions.convolve(images, weight, options))));
        }
    }

    @Test
    void anImageWithoutBatchIsABatchOfOne() {
        Tensor image = Rng.seed(1).normal(Shape.of(2, 5, 6), DType.F64);
        Tensor weight = Rng.seed(2).normal(Shape.of(3, 2, 2, 3), DType.F64);
        assertTrue(Convolutions.convolve(image.unsqueeze(0), weight).squeeze(0)
                .sameBits(Convolutions.convolve(image, weight)));
        Tensor back = weight.transpose(0, 1);
        assertTrue(Convolutions.transposed(image.unsqueeze(0), back).squeeze(0)
                .sameBits(Convolutions.transposed(image, back)));
    }

    @Test
    void paddingSameKeepsExtentsAndPutsTheOddZeroBehind() {
        Tensor image = Tensor.of(new float[] {1, 2, 3, 4}, 1, 1, 4);
        Tensor weight = Tensor.of(new float[] {1, 10}, 1, 1, 2);
        ConvolutionOptions same = DEFAULT.padding(Padding.Automatic.SAME);
        assertEquals("[[[21., 32., 43.,  4.]]]  F32[1, 1, 4]", Convolutions.convolve(image, weight, same).toString());
        assertEquals("[[[20., 31., 42.,  3.]]]  F32[1, 1, 4]",
                Convolutions.convolve(image, weight, same.dilation(2)).toString());
        assertEquals("[[[21., 32., 43.]]]  F32[1, 1, 3]",
                Convolutions.convolve(image, weight, DEFAULT.padding(Padding.Automatic.VALID)).toString());
    }

    @Test
    void integersAreSummedExactly() {
        Tensor image = Tensor.of(new long[] {1L << 60, 1, 2}, 1, 1, 3);
        Tensor weight = Tensor.of(new int[] {1, 3}, 1, 1, 2);
        assertArrayEquals(new long[] {(1L << 60) + 3, 7}, Convolutions.convolve(image, weight).toLongs());
    }

    private static void assertRefused(String message, Runnable call) {
        assertEquals(message, assertThrows(ShapeException.class, call::run).getMessage());
    }

    @Test
    void callsThatDoNotFitAreRefused() {
        Tensor x = Tensor.zeros(1, 4, 5);
        Tensor w = Tensor.zeros(2, 4, 3);
        assertRefused(
                "convolve: windows do not fit the input: input [1, 4, 5], extent with padding 5, window 9; expected a "
                        + "window of at most the extent, and at most 2147483647 windows",
                () -> Convolutions.convolve(x, w, DEFAULT.dilation(4)));
        assertRefused(
                "convolution: channels differ: images [1, 4, 5], weight [2, 4, 3], groups 2; expected images of 8 "
                        + "channels",
                () -> Convolutions.convolve(x, w, DEFAULT.groups(2)));
        assertRefused(
                "convolution: the groups do not divide the channels: filters 2, groups 3; expected a multiple of 3",
                () -> Convolutions.convolve(x, w, DEFAULT.groups(3)));
        assertRefused(
                "convolve: a stride changes the extents: padding SAME, stride [2]; expected stride 1, or a number of "
                        + "zeros",
                () -> Convolutions.convolve(x, w, DEFAULT.stride(2).padding(Padding.Automatic.SAME)));
        assertRefused("convolve: the bias does not fit: bias F32[3]; expected [2]",
                () -> Convolutions.convolve(x, w, Tensor.zeros(3), DEFAULT));
        assertRefused("transposed convolution: output padding too large: output padding [1], stride [1], dilation [1]; "
                + "expected less than the stride or the dilation",
                () -> Convolutions.transposed(x, Tensor.zeros(4, 2, 3), DEFAULT.outputPadding(1)));
        assertRefused(
                "transposed convolution: no such extent: input [1, 4, 5], extent -1; expected 1 to 2147483647, from "
                        + "an extent of 1 or more",
                () -> Convolutions.transposed(x, Tensor.zeros(4, 2, 3), DEFAULT.padding(4)));
        assertThrows(ShapeException.class, () -> Convolutions.convolve(x, Tensor.zeros(4, 3)));
        assertThrows(ShapeException.class, () -> Convolutions.convolve(Tensor.zeros(4), w));
        assertThrows(ShapeException.class, () -> Convolutions.convolve(x, Tensor.zeros(2, 4, 0)));
        assertThrows(ShapeException.class, () -> DEFAULT.stride(0));
        assertThrows(ShapeException.class, () -> DEFAULT.padding(-1));
        assertThrows(ShapeException.class, () -> Convolutions.convolve(x, w, DEFAULT.stride(1, 1)));
        assertThrows(ShapeException.class,
                () -> Convolutions.convolve(x, w, DEFAULT.padding(Integer.MAX_VALUE)));
    }
}
