package io.adjoint.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.check.GradientCheck;
import io.adjoint.autodiff.op.Domain;
import io.adjoint.autodiff.op.Sampler;
import java.util.ArrayList;
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
}
