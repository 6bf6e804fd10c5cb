package io.adjoint.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.check.GradientCheck;
import io.adjoint.autodiff.op.Domain;
import io.adjoint.autodiff.op.Sampler;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** Running functions, differences and integrals against loops and conventions. */
class ScanMethodsTest {
    private static final double NAN = Double.NaN;
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    @Property(tries = 60, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void runningFunctionsEqualReductionsOfWhatCameBefore(@ForAll long seed) {
        Sampler sampler = new Sampler(seed, DType.F64);
        Tensor x = sampler.tensor(sampler.filled(1, 4), Domain.REAL);
        int axis = sampler.between(0, x.rank() - 1);
        for (int i = 0; i < x.dim(axis); i++) {
            Tensor before = x.slice(axis, 0, i + 1);
            assertNear(before.sum(axis), x.cumsum(axis).select(axis, i));
            assertNear(before.prod(axis), x.cumprod(axis).select(axis, i));
            assertNear(before.logSumExp(axis), x.logCumSumExp(axis - x.rank()).select(axis, i));
            assertTrue(before.max(axis).sameBits(x.cummax(axis).values().select(axis, i)));
            assertTrue(before.min(axis).sameBits(x.cummin(axis).values().select(axis, i)));
        }
    }

    private static void assertNear(Tensor expected, Tensor found) {
        assertArrayEquals(expected.toDoubles(), found.toDoubles(), 1e-13 * (1 + expected.abs().max().item()));
    }

    @Property(tries = 30, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void haveGradientsOfBothOrders(@ForAll long seed) {
        Sampler sampler = new Sampler(seed, DType.F64);
        Tensor x = sampler.tensor(sampler.shape(1, 3), Domain.DISTINCT);
        Tensor mostlyZero = sampler.tensor(x.shape(), Domain.REAL).gt(1).where(x, 0);
        int axis = sampler.between(0, x.rank() - 1);
        GradientCheck.of("cumprod").withSeed(seed).check(in -> in.getFirst().cumprod(axis), x);
        GradientCheck.of("cumprod with zeros").withSeed(seed).check(in -> in.getFirst().cumprod(axis), mostlyZero);
        GradientCheck.of("cummax").withSeed(seed).check(in -> in.getFirst().cummax(axis).values(), x);
        GradientCheck.of("cummin").withSeed(seed).check(in -> in.getFirst().cummin(axis).values(), x);
        GradientCheck.of("diff").withSeed(seed).check(in -> in.getFirst().diff(2, axis), x);
        Tensor places = sampler.tensor(Shape.of(x.dim(axis)), Domain.REAL);
        GradientCheck.of("trapezoid").withSeed(seed).check(in -> in.getFirst().trapezoid(in.getLast(), axis), x,
                places);
        GradientCheck.of("cumulative").withSeed(seed)
                .check(in -> in.getFirst().cumulativeTrapezoid(in.getLast(), axis), x, places);
    }

    /** {@code e^(x[j] - y[i])}, in ranges where {@code e^x} and {@code e^-y} overflow. */
    @Test
    void gradientsOfLogCumSumExpDoNotOverflow() {
        double[] points = {-1000, -1001, 3, 1000, 999.5, -700, 1000.25};
        double[] weights = {1, -2, 0, 0.5, 3, -1, 2};
        Tensor x = Tensor.of(points).tracked();
        Tensor y = x.logCumSumExp(0);
        double[] sums = y.detached().toDoubles();
        double[] expected = IntStream.range(0, points.length).mapToDouble(j -> IntStream.range(j, points.length)
                .mapToDouble(i -> weights[i] * Math.exp(points[j] - sums[i])).sum()).toArray();
        assertArrayEquals(expected, y.mul(Tensor.of(weights)).sum().gradients(x).of(x).toDoubles(), 1e-14);
        assertEquals(1000 + Math.log(1 + Math.exp(-0.5) + Math.exp(0.25)), sums[6], 1e-12);
    }

    @Test
    void infiniteSumsOfExponentials() {
        Tensor x = Tensor.of(new double[] {-INFINITY, -INFINITY, 1, -INFINITY, INFINITY, 2}).tracked();
        Tensor y = x.logCumSumExp(0);
        assertArrayEquals(new double[] {-INFINITY, -INFINITY, 1, 1, INFINITY, INFINITY}, y.detached().toDoubles());
        assertArrayEquals(new double[] {NAN, NAN}, Tensor.of(new double[] {NAN, 1}).logCumSumExp(0).toDoubles());
        double[] slopes = y.sum().gradients(x).of(x).toDoubles();
        assertArrayEquals(new double[] {2, 0, 0}, new double[] {slopes[2], slopes[3], slopes[5]});
    }

    @Test
    void aRunningSumIsPlainAndInOrder() {
        Tensor x = Tensor.of(new float[] {1e8f, 1, 1, -1e8f, 0.5f});
        assertTrue(x.cumsum(0).sameBits(Tensor.of(new float[] {1e8f, 1e8f, 1e8f, 0, 0.5f})), "no compensation");
        assertTrue(Tensor.of(new int[] {Integer.MAX_VALUE, 1, 1}).cumsum(0)
                .sameBits(Tensor.of(new int[] {Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MIN_VALUE + 1})));
        assertTrue(Tensor.of(new boolean[] {true, false, true}).cumsum(0).sameBits(Tensor.of(new long[] {1, 1, 2})));
        assertTrue(Tensor.of(new long[] {1L << 62, 4, 3}).cumprod(0).sameBits(Tensor.of(new long[] {1L << 62, 0, 0})));
        assertTrue(Tensor.of(new boolean[] {true, false}).cumprod(0).sameBits(Tensor.of(new long[] {1, 0})));
        assertTrue(Tensor.of(new double[] {-1, 0, 3}).cumprod(0).sameBits(Tensor.of(new double[] {-1, -0.0, -0.0})));
        assertEquals(DType.F32, Tensor.of(new int[] {1, 2}).logCumSumExp(0).dtype());
        assertThrows(ShapeException.class, () -> x.cumsum(1));
    }

    @Test
    void theLastOfEqualsIsTheExtremeSoFarAndNaNStays() {
        Tensor x = Tensor.of(new double[] {2, 1, 2, 3, NAN, 5, NAN, 1}).tracked();
        Chosen greatest = x.cummax(0);
        assertArrayEquals(new long[] {0, 0, 2, 3, 4, 4, 6, 6}, greatest.places().toLongs());
        assertArrayEquals(new double[] {2, 2, 2, 3, NAN, NAN, NAN, NAN}, greatest.values().detached().toDoubles());
        assertArrayEquals(new double[] {2, 0, 1, 1, 2, 0, 2, 0},
                greatest.values().sum().gradients(x).of(x).toDoubles());
        Tensor ints = Tensor.of(new int[] {3, 1, 1, 0, 0, 2}, 2, 3);
        assertArrayEquals(new long[] {0, 1, 2, 0, 1, 1}, ints.cummin(1).places().toLongs());
        assertTrue(ints.cummin(-2).values().sameBits(Tensor.of(new int[] {3, 1, 1, 0, 0, 1}, 2, 3)));
        assertThrows(ShapeException.class, () -> Tensor.of(new boolean[2]).cummax(0));
    }

    @Test
    void differencesEndWithNothing() {
        Tensor x = Tensor.of(new int[] {1, 4, 9, 16});
        assertTrue(x.diff(0).sameBits(Tensor.of(new int[] {3, 5, 7})));
        assertTrue(x.diff(2, -1).sameBits(Tensor.of(new int[] {2, 2})));
        assertTrue(x.diff(0, 0).sameBits(x));
        assertEquals(Shape.of(0), x.diff(4, 0).shape());
        assertEquals(Shape.of(0), x.diff(99, 0).shape());
        assertTrue(Tensor.of(new boolean[] {true, true, false}).diff(0)
                .sameBits(Tensor.of(new boolean[] {false, true})));
        assertThrows(ShapeException.class, () -> x.diff(-1, 0));
        assertThrows(ShapeException.class, () -> Tensor.scalar(1).diff(0));
    }

    @Test
    void integralsAreExactForLines() {
        Tensor y = Tensor.of(new double[] {1, 3, 7, 8, 10, 14}, 2, 3);
        assertArrayEquals(new double[] {7, 21}, y.trapezoid(1, 1).toDoubles());
        assertArrayEquals(new double[] {1, 3.5, 4.5, 10.5}, y.cumulativeTrapezoid(0.5, 1).toDoubles());
        Tensor x = Tensor.of(new double[] {0, 1, 3});
        assertArrayEquals(new double[] {12, 33}, y.trapezoid(x, -1).toDoubles());
        assertArrayEquals(new double[] {2, 12, 9, 33}, y.cumulativeTrapezoid(x, 1).reshape(4).toDoubles());
        assertArrayEquals(new double[] {-9, -13, -21}, y.trapezoid(Tensor.of(new double[] {2, 0}), 0).toDoubles());
        Tensor each = Tensor.of(new double[] {0, 1, 3, 0, 2, 2}, 2, 3);
        assertArrayEquals(new double[] {12, 18}, y.trapezoid(each, 1).toDoubles());
        assertArrayEquals(new double[2], y.slice(1, 0, 1).trapezoid(5, 1).toDoubles(), "one sample");
        assertArrayEquals(new double[2], y.slice(1, 0, 0).trapezoid(5, 1).toDoubles(), "none");
        assertEquals(DType.F32, Tensor.of(new int[] {1, 2}).trapezoid(2, 0).dtype());
        assertThrows(ShapeException.class, () -> y.trapezoid(x.slice(0, 0, 2), 1));
        assertThrows(ShapeException.class, () -> y.trapezoid(each.unsqueeze(0), 1));
    }

    @Test
    void runningExtremesOfBooleansAreRefusedByName() {
        Tensor booleans = Tensor.of(new boolean[] {true, false}, Shape.of(2));
        assertEquals("cummax", assertThrows(ShapeException.class, () -> booleans.cummax(0)).operation());
        assertEquals("cummin", assertThrows(ShapeException.class, () -> booleans.cummin(0)).operation());
    }
}
