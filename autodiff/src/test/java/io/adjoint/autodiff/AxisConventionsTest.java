package io.adjoint.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.check.GradientCheck;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Functions of the elements along axes where a convention decides: scalars, nothing, NaN, integers, several axes. */
class AxisConventionsTest {
    private static final double NAN = Double.NaN;
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    @Test
    void productsOfIntegersWrapAndThoseOfTruthValuesSayWhetherAllAre() {
        Tensor ints = Tensor.of(new int[] {65536, 65536, 3, -2, 5, 7}, 3, 2);
        assertTrue(ints.prod(1).sameBits(Tensor.of(new int[] {0, -6, 35})), "I32, modulo 2^32");
        Tensor longs = Tensor.of(new long[] {1L << 40, 1L << 40, 3});
        assertTrue(longs.prod().sameBits(Tensor.of(new long[] {0}, Shape.scalar())));
        Tensor truth = Tensor.of(new boolean[] {true, true, true, false}, 2, 2);
        assertTrue(truth.prod(1).sameBits(Tensor.of(new long[] {1, 0})));
        assertTrue(Tensor.zeros(2, 0).prod(1).sameBits(Tensor.ones(2).copy()), "1 of nothing");
    }

    @Test
    void aScalarPassesForOneAxis() {
        Tensor x = Tensor.scalar(-2, DType.F64);
        for (int axis = -1; axis <= 0; axis++) {
            assertTrue(x.sum(axis).sameBits(x));
            assertTrue(x.max(Axes.keep(axis)).sameBits(x));
            assertTrue(x.prod(axis).sameBits(x));
            assertTrue(x.logSumExp(axis).sameBits(x));
            assertTrue(x.norm(3, axis).sameBits(x.abs()));
            assertTrue(x.argmax(axis).sameBits(Tensor.of(new long[] {0}, Shape.scalar())));
            assertTrue(x.chooseMin(Axes.keep(axis)).values().sameBits(x));
            assertTrue(x.any(axis).sameBits(Tensor.of(new boolean[] {true}, Shape.scalar())));
            assertTrue(x.cumsum(axis).sameBits(x));
            assertTrue(x.cumprod(axis).sameBits(x));
            assertTrue(x.logCumSumExp(axis).sameBits(x));
            assertTrue(x.softmax(axis).sameBits(Tensor.scalar(1, DType.F64)));
            assertTrue(x.cummax(axis).values().sameBits(x));
            assertEquals(0, x.cummin(axis).places().item());
        }
        assertThrows(ShapeException.class, () -> x.sum(1));
        assertThrows(ShapeException.class, () -> x.cumsum(-2));
        assertThrows(ShapeException.class, () -> x.sum(0, -1), "one axis twice");
    }

    @Test
    void whatAnEmptyLineComesTo() {
        Tensor x = Tensor.zeros(Shape.of(2, 0), DType.F64);
        double[] nothing = {-INFINITY, -INFINITY};
        assertArrayEquals(nothing, x.logSumExp(1).toDoubles());
        assertArrayEquals(new double[] {NAN, NAN}, x.var(Axes.drop(1), 0).toDoubles());
        assertArrayEquals(new double[2], x.norm(0.5, 1).toDoubles());
        assertArrayEquals(new double[2], x.nansum(1).toDoubles());
        assertArrayEquals(new double[] {NAN, NAN}, x.nanmean(1).toDoubles());
        assertArrayEquals(new boolean[2], x.any(1).toBooleans());
        assertArrayEquals(new boolean[] {true, true}, x.all(1).toBooleans());
        assertEquals(Shape.of(0), x.norm(INFINITY, 0).shape());
        for (double order : new double[] {INFINITY, -INFINITY, -1, NAN}) {
            assertThrows(ShapeException.class, () -> x.norm(order, 1));
        }
        assertThrows(ShapeException.class, x::argmax);
        assertThrows(ShapeException.class, () -> x.chooseMax(1));
        assertThrows(ShapeException.class, x::minMax);
    }

    @Test
    void whatNaNAndInfinityComeTo() {
        Tensor x = Tensor.of(new double[] {1, NAN, -INFINITY, -INFINITY, INFINITY, 2, 3, 5}, 4, 2);
        assertArrayEquals(new double[] {1, -INFINITY, INFINITY, 8}, x.nansum(1).toDoubles());
        assertArrayEquals(new double[] {1, -INFINITY, INFINITY, 4}, x.nanmean(1).toDoubles());
        assertArrayEquals(new double[] {NAN, -INFINITY, INFINITY, 5 + Math.log1p(Math.exp(-2))},
                x.logSumExp(1).toDoubles(), 1e-15);
        assertArrayEquals(new double[] {NAN, -INFINITY, INFINITY, 5}, x.max(1).toDoubles());
        assertArrayEquals(new long[] {1, 0, 0, 1}, x.argmax(1).toLongs());
        assertArrayEquals(new long[] {1, 0, 1, 0}, x.argmin(1).toLongs());
        assertEquals(1, x.argmax().item());
        assertArrayEquals(new long[] {2, 2, 2, 2}, x.countNonzero(1).toLongs());
        assertEquals(1001 + Math.log1p(Math.exp(-1)), Tensor.of(new double[] {1000, 1001}).logSumExp().item(), 1e-12);
        Tensor y = x.slice(0, 0, 1).tracked();
        assertArrayEquals(new double[] {1, 0}, y.nanmean(1).sum().gradients(y).of(y).toDoubles());
    }

    @Test
    void numbersAreTrueWhereTheyAreNotZero() {
        Tensor x = Tensor.of(new double[] {0, -0.0, 0, 2, NAN, 1}, 3, 2);
        assertTrue(x.any(1).sameBits(Tensor.of(new boolean[] {false, true, true})));
        assertTrue(x.all(Axes.keep(1)).sameBits(Tensor.of(new boolean[] {false, false, true}, 3, 1)));
        assertTrue(x.cast(DType.I32).any().sameBits(Tensor.of(new boolean[] {true}, Shape.scalar())));
    }

    @Test
    void aPlaceAmongSeveralAxesIsARowMajorNumber() {
        Tensor x = Tensor.of(new int[] {4, 9, 1, 7, 7, 0, 2, 9}, 2, 2, 2);
        assertArrayEquals(new long[] {1, 3}, x.argmax(0, 2).toLongs());
        assertEquals(5, x.argmin().item());
        Chosen chosen = x.chooseMax(Axes.keep(-1, 0));
        assertTrue(chosen.values().sameBits(Tensor.of(new int[] {9, 9}, 1, 2, 1)), chosen.toString());
        assertTrue(chosen.places().sameBits(Tensor.of(new long[] {1, 3}, 1, 2, 1)), chosen.toString());
    }

    @Test
    void varianceKeepsItsDigitsFarFromZeroAndNeedsEnoughElements() {
        Tensor x = Tensor.of(new double[] {1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16});
        assertEquals(30, x.var().item());
        assertEquals(22.5, x.var(Axes.drop(), 0).item());
        assertEquals(INFINITY, x.var(Axes.drop(), 9).item(), "differences divided by 0");
        assertEquals(NAN, x.slice(0, 0, 1).var().item());
        assertEquals(NAN, x.select(0, 0).std().item());
        assertEquals(DType.F32, Tensor.of(new int[] {1, 2}).std().dtype());
    }

    @Test
    void covariancesAreOfRowsAndCorrelationsWithinOne() {
        Tensor x = Tensor.of(new double[] {1, 2, 3, 6, 4, 2}, 2, 3);
        assertArrayEquals(new double[] {1, -2, -2, 4}, x.cov().toDoubles(), 1e-15);
        assertArrayEquals(new double[] {2 / 3.0, -4 / 3.0, -4 / 3.0, 8 / 3.0}, x.cov(0).toDoubles(), 1e-15);
        assertArrayEquals(new double[] {1, -1, -1, 1}, x.corrcoef().toDoubles());
        Tensor list = x.select(0, 1);
        assertTrue(list.cov().sameBits(Tensor.scalar(4, DType.F64)));
        assertTrue(list.corrcoef().sameBits(Tensor.scalar(1, DType.F64)));
        assertTrue(Tensor.ones(5).corrcoef().sameBits(Tensor.scalar(Float.NaN)));
        assertThrows(ShapeException.class, () -> x.unsqueeze(0).cov());
        GradientCheck.of("cov").check(in -> in.getFirst().cov(), x);
        Tensor y = Tensor.of(new double[] {1, 2, 3, 6, 4, 5, 0, 1, -2, 3, 1, 1}, 3, 4);
        GradientCheck.of("corrcoef").check(in -> in.getFirst().corrcoef().tril(-1), y);
    }

    @Test
    void renormScalesLongSlicesOnly() {
        Tensor x = Tensor.of(new double[] {3, 4, 0.3, 0.4}, 2, 2);
        double[] scaled = {3 / (5 + 1e-7), 4 / (5 + 1e-7), 0.3, 0.4};
        assertArrayEquals(scaled, x.renorm(2, 0, 1).toDoubles(), 1e-15);
        assertArrayEquals(scaled, x.transpose().renorm(2, -1, 1).transpose().reshape(4).toDoubles(), 1e-15);
        GradientCheck.of("renorm").check(in -> in.getFirst().renorm(3, 0, 1), x);
        for (Runnable wrong : Arrays.<Runnable>asList(() -> x.renorm(0, 0, 1), () -> x.renorm(2, 0, -1),
                () -> x.renorm(2, 2, 1), () -> x.select(0, 0).renorm(2, 0, 1))) {
            assertThrows(ShapeException.class, wrong::run);
        }
    }
}
