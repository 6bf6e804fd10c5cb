package io.adjoint.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.check.GradientCheck;
import io.adjoint.autodiff.op.Domain;
import io.adjoint.autodiff.op.Sampler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** Functions of the elements along axes against plain loops over those, whatever axes and layout, and their gradients. */
class AxisFunctionsTest {
    private static final double NAN = Double.NaN;
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    /** A function, and what it makes of one line of elements. */
    private record Case(BiFunction<Tensor, Axes, Tensor> function, ToDoubleFunction<double[]> line) {}

    private static Map<String, Case> cases() {
        Map<String, Case> cases = new TreeMap<>();
        cases.put("sum", new Case(Tensor::sum, line -> DoubleStream.of(line).sum()));
        cases.put("mean", new Case(Tensor::mean, AxisFunctionsTest::mean));
        cases.put("prod", new Case(Tensor::prod, line -> DoubleStream.of(line).reduce(1, (a, b) -> a * b)));
        cases.put("var", new Case((x, axes) -> x.var(axes, 1), line -> squares(line) / (line.length - 1)));
        cases.put("var of a population", new Case((x, axes) -> x.var(axes, 0), line -> squares(line) / line.length));
        cases.put("std", new Case((x, axes) -> x.std(axes, 1), line -> Math.sqrt(squares(line) / (line.length - 1))));
        cases.put("std of a mean", new Case((x, axes) -> x.stdMean(axes, 0).mean(), AxisFunctionsTest::mean));
        cases.put("var of a mean", new Case((x, axes) -> x.varMean(axes, 0).mean(), AxisFunctionsTest::mean));
        cases.put("logSumExp", new Case(Tensor::logSumExp,
                line -> Math.log(DoubleStream.of(line).map(Math::exp).sum())));
        for (double p : new double[] {1, 2, 3, 0.5, 2.5, -1, -2.5}) {
            cases.put("norm " + p, new Case((x, axes) -> x.norm(p, axes), line -> norm(line, p)));
        }
        cases.put("greatest", new Case((x, axes) -> x.norm(INFINITY, axes),
                line -> DoubleStream.of(line).map(Math::abs).max().orElse(NAN)));
        cases.put("least", new Case((x, axes) -> x.norm(-INFINITY, axes),
                line -> DoubleStream.of(line).map(Math::abs).min().orElse(NAN)));
        cases.put("max", new Case(Tensor::max, line -> DoubleStream.of(line).max().orElse(NAN)));
        cases.put("min",
                new Case((x, axes) -> x.minMax(axes).least(), line -> DoubleStream.of(line).min().orElse(NAN)));
        cases.put("chosen max", new Case((x, axes) -> x.chooseMax(axes).values(),
                line -> DoubleStream.of(line).max().orElse(NAN)));
        cases.put("chosen min", new Case((x, axes) -> x.chooseMin(axes).values(),
                line -> DoubleStream.of(line).min().orElse(NAN)));
        return cases;
    }

    private static double mean(double[] line) {
        return DoubleStream.of(line).sum() / line.length;
    }

    private static double squares(double[] line) {
        double mean = mean(line);
        return DoubleStream.of(line).map(x -> (x - mean) * (x - mean)).sum();
    }

    private static double norm(double[] line, double p) {
        return Math.pow(DoubleStream.of(line).map(x -> Math.pow(Math.abs(x), p)).sum(), 1 / p);
    }

    /** The elements that some axes join to one, for each element of the result, both in row-major order. */
    private static List<double[]> lines(Tensor x, List<Integer> axes) {
        double[] values = x.toDoubles();
        int[] strides = x.shape().rowMajorStrides();
        Map<Integer, List<Double>> lines = new TreeMap<>();
        for (int i = 0; i < values.length; i++) {
            int kept = i;
            for (int axis : axes) {
                kept -= i / strides[axis] % x.dim(axis) * strides[axis];
            }
            lines.computeIfAbsent(kept, _ -> new ArrayList<>()).add(values[i]);
        }
        return lines.values().stream().map(line -> line.stream().mapToDouble(y -> y).toArray()).toList();
    }

    private static int[] array(List<Integer> axes) {
        return axes.stream().mapToInt(axis -> axis).toArray();
    }

    @Property(tries = 100, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void equalLoops(@ForAll long seed) {
        Sampler sampler = new Sampler(seed, DType.F64);
        Tensor x = sampler.tensor(sampler.filled(0, 4), new Domain(-3, 3, true));
        List<Integer> some = sampler.axes(x.rank());
        List<Integer> axes = some.isEmpty() ? IntStream.range(0, x.rank()).boxed().toList() : some;
        int[] named = some.stream().mapToInt(axis -> sampler.between(0, 1) == 0 ? axis : axis - x.rank()).toArray();
        int[] left = IntStream.range(0, x.rank()).filter(axis -> !axes.contains(axis)).map(x::dim).toArray();
        int[] ones = IntStream.range(0, x.rank()).map(axis -> axes.contains(axis) ? 1 : x.dim(axis)).toArray();
        List<double[]> lines = lines(x, axes);
        cases().forEach((name, function) -> {
            Tensor dropped = function.function.apply(x, Axes.drop(named));
            assertEquals(Shape.of(left), dropped.shape(), name);
            double[] expected = lines.stream().mapToDouble(function.line).toArray();
            double[] found = dropped.toDoubles();
            for (int i = 0; i < expected.length; i++) {
                double delta = 1e-11 * Math.max(1, Math.abs(expected[i]));
                assertEquals(expected[i], found[i], Double.isNaN(delta) ? 1e-11 : delta, name + " of " + x);
            }
            Tensor kept = function.function.apply(x, Axes.keep(named));
            assertEquals(Shape.of(ones), kept.shape(), name);
            assertTrue(kept.reshape(dropped.shape()).sameBits(dropped), name);
        });
    }

    @Property(tries = 20, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void haveGradientsOfBothOrders(@ForAll long seed) {
        Sampler sampler = new Sampler(seed, DType.F64);
        // of both signs, apart from each other and, being half as near to it as the sampler's step, from 0
        Tensor x = sampler.tensor(sampler.filled(1, 3), new Domain(0.5, 3, true));
        Tensor signs = sampler.tensor(x.shape(), Domain.REAL).ge(0).where(1, -1).cast(DType.F64);
        int[] axes = array(sampler.axes(x.rank()));
        int joined = lines(x, Axes.drop(axes).of("test", x.shape())).getFirst().length;
        cases().forEach((name, function) -> {
            boolean smooth = joined > 1 || !name.startsWith("var") && !name.startsWith("std");
            if (smooth) {
                GradientCheck.of(name).withSeed(seed)
                        .check(in -> function.function.apply(in.getFirst(), Axes.drop(axes)), x.mul(signs));
            }
        });
        GradientCheck.of("normalize").withSeed(seed).check(in -> in.getFirst().normalize(3, 1e-12, axes), x.mul(signs));
        GradientCheck.of("not normalized").withSeed(seed).check(in -> in.getFirst().normalize(2, 1e6), x);
    }

    @Property(tries = 40, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void theDerivativeOfAProductIsThatOfTheOthersBesideAnyNumberOfZeros(@ForAll long seed) {
        Sampler sampler = new Sampler(seed, DType.F64);
        Tensor all = sampler.tensor(sampler.filled(1, 3), Domain.REAL);
        Tensor x = sampler.tensor(all.shape(), Domain.REAL).gt(1.5).where(0, all).tracked();
        double[] values = x.detached().toDoubles();
        double[] others = IntStream.range(0, values.length).mapToDouble(i -> without(values, i, i)).toArray();
        Tensor gradient = x.prod().differentiableGradients(x).of(x);
        assertArrayEquals(others, gradient.detached().toDoubles(), 1e-14 * scale(others));
        Tensor v = sampler.tensor(x.shape(), Domain.REAL);
        double[] along = v.toDoubles();
        double[] products = IntStream.range(0, values.length).mapToDouble(i -> IntStream.range(0, values.length)
                .filter(j -> j != i).mapToDouble(j -> along[j] * without(values, i, j)).sum()).toArray();
        assertArrayEquals(products, gradient.mul(v).sum().gradients(x).of(x).toDoubles(), 1e-13 * scale(products));
    }

    private static double without(double[] values, int first, int second) {
        return IntStream.range(0, values.length).filter(k -> k != first && k != second).mapToDouble(k -> values[k])
                .reduce(1, (a, b) -> a * b);
    }

    private static double scale(double[] values) {
        return DoubleStream.of(values).map(Math::abs).reduce(1, Math::max);
    }

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
