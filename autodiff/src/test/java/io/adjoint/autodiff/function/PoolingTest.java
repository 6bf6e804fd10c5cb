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
import io.adjoint.autodiff.op.Domain;
import io.adjoint.autodiff.op.Sampler;
import java.util.Arrays;
import java.util.Random;
import java.util.function.UnaryOperator;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

class PoolingTest {
    private static final double NAN = Double.NaN;

    /** How many windows slide over an extent. */
    private static int count(int extent, int size, int stride, int padding, int dilation, Rounding rounding) {
        int count = 0;
        int span = (size - 1) * dilation + 1;
        while (true) {
            int start = count * stride - padding;
            boolean whole = start + span <= extent + padding;
            boolean partly = rounding == Rounding.CEIL && start < extent && start + span < extent + padding + stride;
            if (!whole && !partly || rounding == Rounding.CEIL && start >= extent) {
                return count;
            }
            count++;
        }
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void poolingIsWhatEachWindowSees(@ForAll long seed) {
        Random random = new Random(seed);
        int[] size = random.ints(2, 1, 5).toArray();
        int[] stride = random.ints(2, 1, 5).toArray();
        int[] dilation = random.ints(2, 1, 3).toArray();
        Rounding rounding = random.nextBoolean() ? Rounding.CEIL : Rounding.FLOOR;
        int[] padding = {random.nextInt(size[0] / 2 + 1), random.nextInt(size[1] / 2 + 1)};
        int[] n = {(size[0] - 1) * dilation[0] + 1 + random.nextInt(6),
            (size[1] - 1) * dilation[1] + 1 + random.nextInt(6)};
        Tensor image = Rng.seed(seed).normal(Shape.of(1, n[0], n[1]), DType.F64);
        double[] x = image.toDoubles();
        Window window = Window.of(size).stride(stride).padding(padding).dilation(dilation).rounding(rounding);
        Pooling.Maxima maxima = Pooling.maxima(image, window);
        Tensor ofWindow = Pooling.average(image, window);
        Tensor ofImage = Pooling.average(image, window, Divisor.IMAGE);
        Tensor ofSeven = Pooling.average(image, window, Divisor.of(7));
        int rows = count(n[0], size[0], stride[0], padding[0], dilation[0], rounding);
        int columns = count(n[1], size[1], stride[1], padding[1], dilation[1], rounding);
        String label = "seed " + seed + ", " + window + " over " + image.shape();
        assertEquals(Shape.of(1, rows, columns), maxima.values().shape(), label);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                double max = Double.NEGATIVE_INFINITY;
                long place = -1;
                double sum = 0;
                int inImage = 0;
                int inPadding = 0;
                for (int s = 0; s < size[0]; s++) {
                    for (int t = 0; t < size[1]; t++) {
                        int y = i * stride[0] + s * dilation[0] - padding[0];
                        int z = j * stride[1] + t * dilation[1] - padding[1];
                        inPadding += y < n[0] + padding[0] && z < n[1] + padding[1] ? 1 : 0;
                        if (y >= 0 && y < n[0] && z >= 0 && z < n[1]) {
                            inImage++;
                            sum += x[y * n[1] + z];
                            if (x[y * n[1] + z] > max) {
                                max = x[y * n[1] + z];
                                place = y * n[1] + z;
                            }
                        }
                    }
                }
                int at = i * columns + j;
                assertEquals(max, maxima.values().toDoubles()[at], label);
                assertEquals(place, maxima.places().toLongs()[at], label);
                assertEquals(sum / Math.max(1, inPadding), ofWindow.toDoubles()[at], 1e-13, label);
                assertEquals(sum / Math.max(1, inImage), ofImage.toDoubles()[at], 1e-13, label);
                assertEquals(sum / 7, ofSeven.toDoubles()[at], 1e-13, label);
            }
        }
    }

    @Property(tries = 200, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void adaptivePoolingDividesEachAxis(@ForAll long seed) {
        Random random = new Random(seed);
        int n = 1 + random.nextInt(9);
        int m = 1 + random.nextInt(9);
        Tensor image = Rng.seed(seed).normal(Shape.of(2, 3, n), DType.F64);
        double[] x = image.toDoubles();
        double[] means = AdaptivePooling.average(image, m).toDoubles();
        Pooling.Maxima maxima = AdaptivePooling.maxima(image, m);
        for (int row = 0; row < 6; row++) {
            for (int o = 0; o < m; o++) {
                int from = (int) Math.floor((double) o * n / m);
                int to = (int) Math.ceil((o + 1.0) * n / m);
                double sum = 0;
                int best = from;
                for (int i = from; i < to; i++) {
                    sum += x[row * n + i];
                    best = x[row * n + i] > x[row * n + best] ? i : best;
                }
                assertEquals(sum / (to - from), means[row * m + o], 1e-13, "seed " + seed);
                assertEquals(best, maxima.places().toLongs()[row * m + o], "seed " + seed);
                assertEquals(x[row * n + best], maxima.values().toDoubles()[row * m + o]);
            }
        }
    }

    @Test
    void adaptivePoolingOfThreeAxesSeesBoxes() {
        int[] n = {5, 4, 7};
        int[] m = {3, 4, 2};
        Tensor x = Rng.seed(8).normal(Shape.of(2, n[0], n[1], n[2]), DType.F64);
        Tensor means = AdaptivePooling.average(x, m);
        Tensor maxima = AdaptivePooling.max(x, m);
        for (int o = 0; o < 24; o++) {
            int[] at = {o / 8, o / 2 % 4, o % 2};
            Tensor box = x;
            Tensor mean = means;
            Tensor max = maxima;
            for (int a = 0; a < 3; a++) {
                box = box.slice(a + 1, at[a] * n[a] / m[a], Math.ceilDiv((at[a] + 1) * n[a], m[a]));
                mean = mean.select(1, at[a]);
                max = max.select(1, at[a]);
            }
            assertArrayEquals(box.mean(1, 2, 3).toDoubles(), mean.toDoubles(), 1e-14);
            assertArrayEquals(box.max(1, 2, 3).toDoubles(), max.toDoubles());
        }
    }

    @Property(tries = 30, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void gradientsOfBothOrdersEqualDifferences(@ForAll long seed) {
        Random random = new Random(seed);
        int axes = 1 + random.nextInt(3);
        int[] dims = random.ints(axes + 1 + random.nextInt(2), 2, 5).toArray();
        int size = 1 + random.nextInt(2);
        Window window = Window.of(random.ints(axes, size, size + 1).toArray()).stride(1 + random.nextInt(2))
                .padding(size / 2).rounding(random.nextBoolean() ? Rounding.CEIL : Rounding.FLOOR);
        int[] extents = random.ints(axes, 1, 5).toArray();
        Tensor x = new Sampler(seed, DType.F64).tensor(Shape.of(dims),
                Domain.DISTINCT);
        check(seed, "max", in -> Pooling.max(in, window).square(), x);
        check(seed, "average", in -> Pooling.average(in, window, Divisor.IMAGE).square(), x);
        check(seed, "adaptive max", in -> AdaptivePooling.max(in, extents).square(), x);
        check(seed, "adaptive average", in -> AdaptivePooling.average(in, extents).square(), x);
        Window plain = Window.of(window.size().stream().mapToInt(Integer::intValue).toArray());
        check(seed, "norm", in -> Pooling.norm(in, 3, plain), x.abs().add(0.5));
        Pooling.Maxima found = Pooling.maxima(x, plain);
        int[] planes = Arrays.copyOfRange(dims, dims.length - axes, dims.length);
        check(seed, "unpool", in -> Pooling.unpool(new Pooling.Maxima(in, found.places()), planes).square(),
                found.values());
    }

    private static void check(long seed, String label, UnaryOperator<Tensor> function, Tensor x) {
        GradientCheck.of(label).withSeed(seed).check(in -> function.apply(in.getFirst()), x);
    }

    @Test
    void theFirstOfEqualsIsChosenAndNaNWins() {
        Tensor x = Tensor.of(new double[] {1, 3, 3, 2, NAN, 5, NAN, 7, Double.NEGATIVE_INFINITY,
            Double.NEGATIVE_INFINITY}, 1, 10).tracked();
        Pooling.Maxima maxima = Pooling.maxima(x, Window.of(4).stride(4).rounding(Rounding.CEIL));
        assertArrayEquals(new long[] {1, 6, 8}, maxima.places().toLongs());
        assertArrayEquals(new double[] {3, NAN, Double.NEGATIVE_INFINITY}, maxima.values().toDoubles());
        assertArrayEquals(new double[] {0, 1, 0, 0, 0, 0, 1, 0, 1, 0},
                maxima.values().vjp(Tensor.full(Shape.of(1, 3), DType.F64, 1), x).of(x).toDoubles());
        assertArrayEquals(new long[] {4, 6}, AdaptivePooling.maxima(x, 2).places().toLongs());
        Tensor whole = Tensor.of(new int[] {-5, -3, -4, -3}, 1, 4);
        assertArrayEquals(new int[] {-5, -3, -3}, Pooling.max(whole, Window.of(2).padding(1)).toInts());
    }

    @Test
    void averagesDoNotMixWhatIsNotFinite() {
        Tensor x = Tensor.of(new double[] {1, 2, Double.POSITIVE_INFINITY, 4, NAN, 6}, 1, 6);
        assertArrayEquals(new double[] {1.5, Double.POSITIVE_INFINITY, NAN},
                Pooling.average(x, Window.of(2)).toDoubles());
        assertArrayEquals(new double[] {1.5, Double.POSITIVE_INFINITY, NAN, NAN},
                AdaptivePooling.average(x, 4).toDoubles());
    }

    /** By hand: (3^2 + 4^2)^(1/2), and the odd power that keeps the sign of a negative sum out of the real roots. */
    @Test
    void normsOfWindows() {
        Tensor x = Tensor.of(new double[] {3, 4, 0, 0, -6, -8}, 1, 6).tracked();
        Tensor norms = Pooling.norm(x, 2, Window.of(2));
        assertArrayEquals(new double[] {5, 0, 10}, norms.toDoubles(), 1e-14);
        assertArrayEquals(new double[] {0.6, 0.8, 0, 0, -0.6, -0.8},
                norms.sum().gradients(x).of(x).toDoubles(), 1e-14);
        assertArrayEquals(new double[] {Math.cbrt(91), 0, NAN}, Pooling.norm(x, 3, Window.of(2)).toDoubles(), 1e-14);
        Tensor square = Tensor.of(new double[] {1, 2, 3, 4}, 1, 1, 2, 2);
        assertEquals(10, Pooling.norm(square, 1, Window.square(2)).item(), 1e-14);
        // the last window has one element, which counts for three
        assertArrayEquals(new double[] {6, 12}, Pooling.norm(Tensor.of(new double[] {1, 2, 3, 4}, 1, 4), 1,
                Window.of(3).rounding(Rounding.CEIL)).toDoubles(), 1e-14);
    }

    @Test
    void unpoolingPutsMaximaBack() {
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 8, 7, 6, 5}, 1, 1, 2, 4).tracked();
        Pooling.Maxima maxima = Pooling.maxima(x, Window.square(2));
        Tensor back = Pooling.unpool(maxima, Window.square(2));
        assertEquals("[[[[0., 0., 0., 0.],\n   [8., 0., 6., 0.]]]]  F32[1, 1, 2, 4]", back.toString());
        assertEquals("[[[[ 0.,  0.,  0.,  0.],\n   [16.,  0., 12.,  0.]]]]  F32[1, 1, 2, 4]",
                back.square().sum().gradients(x).of(x).toString());
        Pooling.Maxima twice = new Pooling.Maxima(Tensor.of(new float[] {1, 2, 3}, 1, 3),
                Tensor.of(new long[] {4, 0, 4}, 1, 3));
        assertEquals("[[2., 0., 0., 0., 3.]]  F32[1, 5]", Pooling.unpool(twice, 5).toString());
        assertThrows(ShapeException.class, () -> Pooling.unpool(twice, 4));
        assertThrows(ShapeException.class, () -> Pooling.unpool(twice, -1));
        assertThrows(ShapeException.class,
                () -> Pooling.unpool(new Pooling.Maxima(twice.values(), twice.values()), 5));
    }

    @Test
    void emptyBatchesPass() {
        Tensor none = Tensor.zeros(0, 2, 5);
        assertEquals(Shape.of(0, 2, 2), Pooling.max(none, Window.of(2)).shape());
        assertEquals(Shape.of(0, 2, 2), Pooling.average(none, Window.of(2)).shape());
        assertEquals(Shape.of(0, 2, 3), AdaptivePooling.max(none, 3).shape());
        assertEquals(Shape.of(0, 2, Integer.MAX_VALUE), AdaptivePooling.average(none, Integer.MAX_VALUE).shape());
        assertEquals(Shape.of(2, 5, 0), AdaptivePooling.average(Tensor.zeros(2, 5, 3), 0).shape());
        assertTrue(AdaptivePooling.average(Tensor.ones(2, 3, 4), -1, 2).sameBits(Tensor.ones(2, 3, 2)));
    }

    @Test
    void windowsThatDoNotFitAreRefused() {
        Tensor x = Tensor.zeros(1, 4);
        assertEquals(
                "max_pool: padding or window does not fit: input [1, 4], size [3], padding [2]; expected extents of 1 or "
                        + "more, and padding of at most half of the window",
                assertThrows(ShapeException.class, () -> Pooling.max(x, Window.of(3).padding(2))).getMessage());
        assertEquals(
                "max_places: a window without elements: input [1, 1], size [2], slide Slide[stride=[2], before=[1], "
                        + "dilation=[2], groups=1], windows [1]; expected at least one element for each window",
                assertThrows(ShapeException.class,
                        () -> Pooling.max(Tensor.zeros(1, 1), Window.of(2).padding(1).dilation(2))).getMessage());
        assertThrows(ShapeException.class, () -> Pooling.max(x, Window.of(5)));
        assertThrows(ShapeException.class, () -> Pooling.average(x, Window.cube(1)));
        assertThrows(ShapeException.class, () -> Pooling.average(Tensor.zeros(1, 0), Window.of(1)));
        assertThrows(ShapeException.class, () -> AdaptivePooling.max(x, -2));
        assertThrows(ShapeException.class, () -> AdaptivePooling.average(x));
        assertThrows(ShapeException.class, () -> Pooling.norm(x, 0, Window.of(2)));
        assertThrows(ShapeException.class, () -> Pooling.norm(x, 2, Window.of(2).padding(1)));
        assertThrows(ShapeException.class, () -> Divisor.of(0));
    }
}
