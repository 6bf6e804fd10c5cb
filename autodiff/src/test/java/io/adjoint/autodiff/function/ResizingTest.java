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
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

class ResizingTest {
    private static Tensor line(double... elements) {
        return Tensor.of(elements, 1, 1, elements.length);
    }

    private static void assertLine(Tensor actual, double... expected) {
        assertArrayEquals(expected, actual.toDoubles(), 1e-12);
    }

    @Test
    void nearestTakesOneElement() {
        Tensor x = line(1, 2, 3);
        assertLine(Resizing.interpolate(x, Interpolation.NEAREST, 5), 1, 1, 2, 2, 3);
        assertLine(Resizing.interpolate(x, Interpolation.NEAREST, 2), 1, 2);
        assertLine(Resizing.interpolate(x, Interpolation.NEAREST_EXACT, 2), 1, 3);
        assertLine(Resizing.interpolate(x, Interpolation.NEAREST_EXACT, 5), 1, 1, 2, 3, 3);
        assertLine(Resizing.scale(line(1, 2, 3, 4), Interpolation.NEAREST, 0.6), 1, 2);
        // 6 * (1 / 1.2) is just below 5 in double, and 5 is what it means
        assertLine(Resizing.scale(line(1, 2, 3, 4, 5, 6), Interpolation.NEAREST, 1.2), 1, 1, 2, 3, 4, 5, 6);
    }

    @Test
    void nearestKeepsTheDtype() {
        Tensor labels = Tensor.of(new int[] {7, -1}, 1, 1, 2);
        assertArrayEquals(new int[] {7, 7, -1, -1}, Resizing.interpolate(labels, Interpolation.NEAREST, 4).toInts());
        assertEquals(DType.F32, Resizing.interpolate(labels, Interpolation.LINEAR, 4).dtype());
    }

    @Test
    void linearFollowsStraightLines() {
        Tensor x = line(0, 4);
        assertLine(Resizing.interpolate(x, Interpolation.LINEAR, 4), 0, 1, 3, 4);
        assertLine(Resizing.interpolate(x, Interpolation.LINEAR, Corners.CENTRES, 5), 0, 1, 2, 3, 4);
        assertLine(Resizing.interpolate(x, Interpolation.LINEAR, Corners.CENTRES, 1), 0);
        assertLine(Resizing.interpolate(x, Interpolation.LINEAR, 1), 2);
        // by the factor as given, elements are 2 apart; by the extents 5 / 2
        Tensor five = line(0, 1, 2, 3, 4);
        assertLine(Resizing.scale(five, Interpolation.LINEAR, 0.5), 0.5, 2.5);
        assertLine(Resizing.scale(five, Interpolation.LINEAR, Corners.EDGES, Scale.OF_EXTENTS, 0.5), 0.75, 3.25);
    }

    /** Keys' kernel at 1/4 and 3/4 with a = -3/4, worked out by hand; the border is repeated. */
    @Test
    void cubicWeighsFourNeighbours() {
        double near = 1.25 / 64 - 2.25 / 16 + 1; // (a + 2) x^3 - (a + 3) x^2 + 1 at 1/4
        double far = 1.25 * 27 / 64 - 2.25 * 9 / 16 + 1;
        double beyond = -0.75 * (1.953125 - 5 * 1.5625 + 8 * 1.25 - 4); // a (x^3 - 5 x^2 + 8 x - 4) at 5/4
        double farthest = -0.75 * (5.359375 - 5 * 3.0625 + 8 * 1.75 - 4);
        assertEquals(1, near + far + beyond + farthest, 1e-15);
        double[] x = {5, -2, 7};
        assertLine(Resizing.interpolate(line(x), Interpolation.CUBIC, 6),
                farthest * x[0] + far * x[0] + near * x[0] + beyond * x[1],
                beyond * x[0] + near * x[0] + far * x[1] + farthest * x[2],
                farthest * x[0] + far * x[0] + near * x[1] + beyond * x[2],
                beyond * x[0] + near * x[1] + far * x[2] + farthest * x[2],
                farthest * x[0] + far * x[1] + near * x[2] + beyond * x[2],
                beyond * x[1] + near * x[2] + far * x[2] + farthest * x[2]);
    }

    @Test
    void areaIsTheMeanOfWhatIsCovered() {
        assertLine(Resizing.interpolate(line(1, 2, 3, 4, 5), Interpolation.AREA, 2), 2, 4);
        assertLine(Resizing.scale(line(1, 2, 3, 4), Interpolation.AREA, 0.5), 1.5, 3.5);
    }

    @Property(tries = 60, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void constantsStayAndGradientsEqualDifferences(@ForAll long seed) {
        Random random = new Random(seed);
        int axes = 1 + random.nextInt(2);
        int[] dims = random.ints(axes + 2, 1, 5).toArray();
        int[] extents = random.ints(axes, 1, 6).toArray();
        Interpolation mode = Interpolation.values()[random.nextInt(Interpolation.values().length)];
        Corners corners = Corners.values()[random.nextInt(2)];
        Tensor ones = Tensor.full(Shape.of(dims), DType.F64, 1);
        Tensor resized = Resizing.interpolate(ones, mode, corners, extents);
        assertTrue(resized.sub(1).abs().le(1e-14).all().item() == 1, mode + " " + corners);
        Tensor x = Rng.seed(seed).normal(Shape.of(dims), DType.F64);
        GradientCheck.of(mode + " " + corners).withSeed(seed)
                .check(in -> Resizing.interpolate(in.getFirst(), mode, corners, extents).square(), x);
    }

    @Property(tries = 30, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void rampsStayRamps(@ForAll long seed) {
        Random random = new Random(seed);
        int n = 2 + random.nextInt(5);
        int m = 2 + random.nextInt(9);
        Tensor ramp = Tensor.range(n).cast(DType.F64).reshape(1, 1, n);
        double[] aligned = Resizing.interpolate(ramp, Interpolation.LINEAR, Corners.CENTRES, m).toDoubles();
        double[] centred = Resizing.interpolate(ramp, Interpolation.LINEAR, m).toDoubles();
        for (int o = 0; o < m; o++) {
            assertEquals(o * (n - 1.0) / (m - 1), aligned[o], 1e-13);
            assertEquals(Math.clamp((o + 0.5) * n / m - 0.5, 0, n - 1), centred[o], 1e-13);
        }
    }

    @Test
    void pixelsAreShuffledByHand() {
        Tensor x = Tensor.range(8).reshape(1, 4, 1, 2);
        Tensor shuffled = Resizing.pixelShuffle(x, 2);
        assertEquals("[[[[0, 2, 1, 3],\n   [4, 6, 5, 7]]]]  I64[1, 1, 2, 4]", shuffled.toString());
        assertTrue(Resizing.pixelUnshuffle(shuffled, 2).sameBits(x));
        assertTrue(Resizing.pixelShuffle(x.select(0, 0), 2).sameBits(shuffled.select(0, 0)));
    }

    @Property(tries = 30, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void shufflingMovesEachPixel(@ForAll long seed) {
        Random random = new Random(seed);
        int r = 1 + random.nextInt(3);
        int c = random.nextInt(3);
        int h = 1 + random.nextInt(3);
        int w = 1 + random.nextInt(3);
        Tensor x = Rng.seed(seed).normal(Shape.of(2, c * r * r, h, w), DType.F64);
        Tensor shuffled = Resizing.pixelShuffle(x, r);
        assertEquals(Shape.of(2, c, h * r, w * r), shuffled.shape());
        for (int i = 0; i < c * r * r; i++) {
            Tensor placed = shuffled.select(1, i / (r * r)).slice(1, i / r % r, h * r, r).slice(2, i % r, w * r, r);
            assertTrue(x.select(1, i).sameBits(placed), "seed " + seed);
        }
        assertTrue(Resizing.pixelUnshuffle(shuffled, r).sameBits(x));
        GradientCheck.of("shuffle").withSeed(seed)
                .check(in -> Resizing.pixelShuffle(in.getFirst(), r).square(), x);
        GradientCheck.of("unshuffle").withSeed(seed)
                .check(in -> Resizing.pixelUnshuffle(in.getFirst(), r).square(), shuffled);
    }

    @Test
    void channelsAreDealtOutByHand() {
        Tensor x = Tensor.range(12).reshape(1, 6, 2);
        Tensor dealt = Resizing.channelShuffle(x, 2);
        assertTrue(x.indexSelect(1, Tensor.of(new long[] {0, 3, 1, 4, 2, 5})).sameBits(dealt));
        assertTrue(Resizing.channelShuffle(dealt, 3).sameBits(x), "c / g groups deal back");
        assertEquals(
                "channel_shuffle: the groups do not divide the channels: input [1, 6, 2], groups 4; expected [batch, "
                        + "channels, extents...] with channels that the groups divide",
                assertThrows(ShapeException.class, () -> Resizing.channelShuffle(x, 4)).getMessage());
        assertThrows(ShapeException.class, () -> Resizing.channelShuffle(x, 0));
        assertThrows(ShapeException.class, () -> Resizing.channelShuffle(x.select(0, 0), 2));
    }

    @Test
    void callsThatDoNotFitAreRefused() {
        Tensor x = Tensor.zeros(1, 3, 4);
        assertEquals(
                "interpolate: numbers that do not fit the axes: extents [0], spatial axes 1; expected one number of 1 or "
                        + "more, or one for each axis",
                assertThrows(ShapeException.class, () -> Resizing.interpolate(x, Interpolation.LINEAR, 0))
                        .getMessage());
        assertThrows(ShapeException.class, () -> Resizing.interpolate(x, Interpolation.LINEAR, 2, 3));
        assertThrows(ShapeException.class, () -> Resizing.interpolate(Tensor.zeros(3, 4), Interpolation.LINEAR, 2));
        assertThrows(ShapeException.class, () -> Resizing.scale(x, Interpolation.LINEAR, 0.2));
        assertThrows(ShapeException.class, () -> Resizing.scale(x, Interpolation.LINEAR, Double.NaN));
        assertThrows(ShapeException.class, () -> Resizing.pixelShuffle(x, 2));
        assertThrows(ShapeException.class, () -> Resizing.pixelShuffle(x, 0));
        assertThrows(ShapeException.class, () -> Resizing.pixelUnshuffle(x, 2));
        assertEquals(Shape.of(0, 3, Integer.MAX_VALUE),
                Resizing.interpolate(Tensor.zeros(0, 3, 4), Interpolation.CUBIC, Integer.MAX_VALUE).shape());
    }
}
