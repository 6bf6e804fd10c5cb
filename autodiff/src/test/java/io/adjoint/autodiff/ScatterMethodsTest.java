package io.adjoint.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.check.GradientCheck;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What scatters, against loops that collect what goes to each place. */
class ScatterMethodsTest {
    /** A base, an index that may be smaller than both, and a source, with what the loops find for each place. */
    private static final class Scattered {
        final int axis;
        final int[] shape;
        final int[] sourceShape;
        final double[] base;
        final double[] source;
        final Tensor index;
        /** For each place of the base, the numbers in the source of what goes there, in order. */
        final List<List<Integer>> arrivals = new ArrayList<>();

        /** @param zeros one number in so many is 0; 0 for none */
        Scattered(long seed, int zeros) {
            Random random = new Random(seed);
            int rank = random.nextInt(4);
            shape = random.ints(rank, 1, 4).toArray();
            int[] axes = rank == 0 ? new int[] {1} : shape;
            axis = random.nextInt(axes.length);
            int[] dims = new int[axes.length];
            int[] room = new int[axes.length];
            for (int i = 0; i < dims.length; i++) {
                dims[i] = i == axis ? random.nextInt(5) : random.nextInt(axes[i] + 1);
                dims[i] = random.nextInt(3) > 0 && i != axis ? axes[i] : dims[i];
                room[i] = dims[i] + random.nextInt(2);
            }
            boolean isScalar = rank == 0 && dims[0] == 1 && room[0] == 1 && random.nextBoolean();
            sourceShape = isScalar ? new int[0] : room;
            base = numbers(random, product(shape), zeros);
            source = numbers(random, product(room), zeros);
            long[] places = random.longs(product(dims), 0, axes[axis]).toArray();
            index = Tensor.of(places, isScalar ? Shape.scalar() : Shape.of(dims));
            IntStream.range(0, base.length).forEach(_ -> arrivals.add(new ArrayList<>()));
            for (int i = 0; i < places.length; i++) {
                int[] at = NaiveSubscript.coordinates(i, dims);
                int from = NaiveSubscript.number(at, room);
                at[axis] = (int) places[i];
                arrivals.get(NaiveSubscript.number(at, axes)).add(from);
            }
        }

        private static double[] numbers(Random random, int count, int zeros) {
            return IntStream.range(0, count)
                    .mapToDouble(_ -> zeros > 0 && random.nextInt(zeros) == 0 ? 0 : random.nextDouble(0.3, 2)
                            * (random.nextBoolean() ? 1 : -1))
                    .toArray();
        }

        private static int product(int[] dims) {
            return IntStream.of(dims).reduce(1, (a, b) -> a * b);
        }

        Tensor x() {
            return Tensor.of(base, Shape.of(shape));
        }

        Tensor from() {
            return Tensor.of(source, Shape.of(sourceShape));
        }

        /** The numbers that are reduced at a place. */
        double[] at(int place, ScatterBase counts) {
            List<Integer> arrived = arrivals.get(place);
            DoubleStream there = arrived.isEmpty() || counts == ScatterBase.INCLUDED ? DoubleStream.of(base[place])
                    : DoubleStream.empty();
            return DoubleStream.concat(there, arrived.stream().mapToDouble(i -> source[i])).toArray();
        }
    }

    private static double reduce(ScatterReduction reduction, double[] numbers) {
        double sum = 0;
        double product = 1;
        for (double x : numbers) {
            sum += x;
            product *= x;
        }
        return switch (reduction) {
            case SUM -> sum;
            case PROD -> product;
            case MEAN -> sum / numbers.length;
            case MAX -> Arrays.stream(numbers).max().orElseThrow();
            case MIN -> Arrays.stream(numbers).min().orElseThrow();
        };
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void reductionsAreThoseOfWhatGoesToAPlace(@ForAll long seed) {
        Scattered s = new Scattered(seed, (int) Math.floorMod(seed, 5L));
        for (ScatterReduction reduction : ScatterReduction.values()) {
            for (ScatterBase counts : ScatterBase.values()) {
                double[] expected = IntStream.range(0, s.base.length)
                        .mapToDouble(place -> reduce(reduction, s.at(place, counts))).toArray();
                Tensor actual = s.x().scatterReduce(s.axis, s.index, s.from(), reduction, counts);
                String label = reduction + " " + counts + ", seed " + seed;
                assertEquals(Shape.of(s.shape), actual.shape(), label);
                assertArrayEquals(expected, actual.toDoubles(), 1e-12, label);
            }
        }
        assertTrue(s.x().scatterAdd(s.axis, s.index, s.from()).sameBits(s.x().scatterReduce(s.axis, s.index, s.from(),
                ScatterReduction.SUM, ScatterBase.INCLUDED)));
    }

    @Property(tries = 40, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void reductionsHaveGradientsOfBothOrders(@ForAll long seed) {
        Scattered s = new Scattered(seed, 0);
        for (ScatterReduction reduction : ScatterReduction.values()) {
            for (ScatterBase counts : ScatterBase.values()) {
                GradientCheck.of(reduction + " " + counts + ", seed " + seed).withSeed(seed).check(
                        in -> in.getFirst().scatterReduce(s.axis, s.index, in.getLast(), reduction, counts), s.x(),
                        s.from());
            }
        }
    }

    /** A product is a polynomial: its derivatives are products of the other factors, however many of these are zero. */
    @Property(tries = 300, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void derivativesOfProductsAreExactBesideZeros(@ForAll long seed) {
        Scattered s = new Scattered(seed, 2);
        for (ScatterBase counts : ScatterBase.values()) {
            String label = counts + ", seed " + seed;
            Tensor x = s.x().tracked();
            Tensor source = s.from().tracked();
            Tensor y = x.scatterReduce(s.axis, s.index, source, ScatterReduction.PROD, counts);
            Gradients gradients = y.vjp(Tensor.full(y.shape(), DType.F64, 1), x, source);
            double[] byBase = new double[s.base.length];
            double[] bySource = new double[s.source.length];
            double[] twice = new double[s.source.length];
            for (int place = 0; place < s.base.length; place++) {
                List<Integer> arrived = s.arrivals.get(place);
                boolean isThere = counts == ScatterBase.INCLUDED || arrived.isEmpty();
                double before = isThere ? s.base[place] : 1;
                byBase[place] = isThere ? others(s, arrived, -1, -1) : 0;
                for (int i : arrived) {
                    bySource[i] = before * others(s, arrived, i, -1);
                    // by the sum of all first derivatives by the source
                    twice[i] = before * arrived.stream().filter(j -> j != i)
                            .mapToDouble(j -> others(s, arrived, i, j)).sum();
                }
            }
            assertArrayEquals(byBase, gradients.of(x).toDoubles(), 1e-12, label);
            assertArrayEquals(bySource, gradients.of(source).toDoubles(), 1e-12, label);
            Tensor sum = gradients.of(source).sum();
            if (sum.isTracked()) {
                assertArrayEquals(twice, sum.gradients(source).of(source).toDoubles(), 1e-11, label);
            }
        }
    }

    private static double others(Scattered s, List<Integer> arrived, int without, int nor) {
        return arrived.stream().filter(i -> i != without && i != nor).mapToDouble(i -> s.source[i])
                .reduce(1, (a, b) -> a * b);
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void theLastScatteredElementStays(@ForAll long seed) {
        Scattered s = new Scattered(seed, 0);
        Tensor x = s.x().tracked();
        Tensor source = s.from().tracked();
        Tensor y = x.scatter(s.axis, s.index, source);
        double[] expected = s.base.clone();
        double[] filled = s.base.clone();
        double[] byBase = new double[s.base.length];
        double[] bySource = new double[s.source.length];
        for (int place = 0; place < expected.length; place++) {
            List<Integer> arrived = s.arrivals.get(place);
            expected[place] = arrived.isEmpty() ? s.base[place] : s.source[arrived.getLast()];
            filled[place] = arrived.isEmpty() ? s.base[place] : -7.5;
            byBase[place] = arrived.isEmpty() ? place + 1 : 0;
            if (!arrived.isEmpty()) {
                bySource[arrived.getLast()] = place + 1;
            }
        }
        assertArrayEquals(expected, y.toDoubles(), "seed " + seed);
        assertArrayEquals(filled, x.scatter(s.axis, s.index, -7.5).toDoubles(), "seed " + seed);
        Tensor cotangent = Tensor.range(x.size()).add(1).cast(DType.F64).reshape(x.shape());
        Gradients gradients = y.vjp(cotangent, x, source);
        assertArrayEquals(byBase, gradients.of(x).toDoubles(), "seed " + seed);
        assertArrayEquals(bySource, gradients.of(source).toDoubles(), "seed " + seed);
    }

    /** PyTorch shares the gradient of amax and amin evenly; what does not count gets none. */
    @Test
    void equalExtremesShareTheGradient() {
        Tensor x = Tensor.of(new double[] {5, 1, 2}).tracked();
        Tensor source = Tensor.of(new double[] {5, 5, 3, 3, 1}).tracked();
        Tensor index = Tensor.of(new long[] {0, 0, 0, 1, 1});
        Tensor y = x.scatterReduce(0, index, source, ScatterReduction.MAX, ScatterBase.INCLUDED);
        assertArrayEquals(new double[] {5, 3, 2}, y.toDoubles());
        Gradients shared = y.sum().gradients(x, source);
        assertArrayEquals(new double[] {1 / 3.0, 0, 1}, shared.of(x).toDoubles(), 1e-15);
        assertArrayEquals(new double[] {1 / 3.0, 1 / 3.0, 0, 1, 0}, shared.of(source).toDoubles(), 1e-15);
        Tensor z = x.scatterReduce(0, index, source, ScatterReduction.MAX, ScatterBase.EXCLUDED);
        Gradients alone = z.sum().gradients(x, source);
        assertArrayEquals(new double[] {0, 0, 1}, alone.of(x).toDoubles());
        assertArrayEquals(new double[] {0.5, 0.5, 0, 1, 0}, alone.of(source).toDoubles());
    }

    @Test
    void extremesTakeNaNAndInfinitiesAsTheyAre() {
        Tensor x = Tensor.of(new double[] {0, 0, 0});
        Tensor source = Tensor.of(new double[] {Double.NaN, 1, Double.NEGATIVE_INFINITY});
        Tensor index = Tensor.of(new long[] {0, 0, 1});
        assertArrayEquals(new double[] {Double.NaN, 0, 0},
                x.scatterReduce(0, index, source, ScatterReduction.MAX, ScatterBase.INCLUDED).toDoubles());
        assertArrayEquals(new double[] {Double.NaN, Double.NEGATIVE_INFINITY, 0},
                x.scatterReduce(0, index, source, ScatterReduction.MAX, ScatterBase.EXCLUDED).toDoubles());
    }

    @Test
    void integersAreReducedAsIntegers() {
        Tensor x = Tensor.of(new long[] {Long.MAX_VALUE, 7, 3});
        Tensor source = Tensor.of(new long[] {-2, -5, -4});
        Tensor index = Tensor.of(new long[] {0, 1, 1});
        assertArrayEquals(new long[] {Long.MAX_VALUE - 2, -2, 3},
                x.scatterReduce(0, index, source, ScatterReduction.SUM, ScatterBase.INCLUDED).toLongs());
        assertArrayEquals(new long[] {-2, -5, 3}, // (-5 - 4) / 2 rounded down
                x.scatterReduce(0, index, source, ScatterReduction.MEAN, ScatterBase.EXCLUDED).toLongs());
        assertArrayEquals(new long[] {-2, -4, 3},
                x.scatterReduce(0, index, source, ScatterReduction.MAX, ScatterBase.EXCLUDED).toLongs());
        assertArrayEquals(new long[] {Long.MAX_VALUE, 7, 3},
                x.scatterReduce(0, index, source, ScatterReduction.MAX, ScatterBase.INCLUDED).toLongs());
        assertArrayEquals(new long[] {2, 140, 3},
                x.scatterReduce(0, index, source, ScatterReduction.PROD, ScatterBase.INCLUDED).toLongs());
    }

    @Test
    void anIndexWithoutElementsPassesInAnyShape() {
        Tensor x = Tensor.ones(2, 3);
        Tensor none = Tensor.zeros(Shape.of(0), DType.I64);
        assertEquals(Shape.of(0), x.gather(1, none).shape());
        assertSame(x, x.scatter(1, none, x));
        assertSame(x, x.scatter(1, none, 5));
        assertSame(x, x.scatterAdd(0, none, Tensor.ones(1)));
        assertSame(x, x.scatterReduce(0, none, Tensor.ones(1), ScatterReduction.PROD, ScatterBase.EXCLUDED));
    }

    @Test
    void refusalsNameTheIndexBeforeAnythingIsWritten() {
        Tensor x = Tensor.zeros(2, 3);
        Tensor far = Tensor.of(new long[] {0, 2}, 2, 1);
        assertMessage("scatter: index out of range: index 2, at [1, 0], in an axis of 2; expected 0 to 1",
                () -> x.scatter(0, far, Tensor.ones(2, 1)));
        assertMessage("scatter_add: the source does not fit the index: source [1, 1], index [2, 1]; expected the same "
                + "rank, and no extent below the index's", () -> x.scatterAdd(1, far, Tensor.ones(1, 1)));
        assertMessage("scatter_reduce: dtypes differ: source F64[2, 1], input F32[2, 3]; expected source of F32",
                () -> x.scatterReduce(1, far, Tensor.ones(2, 1).cast(DType.F64), ScatterReduction.SUM,
                        ScatterBase.INCLUDED));
        assertMessage(
                "index_copy: not a slice for each index: source [2, 3], index [1], input [2, 3]; expected a source "
                        + "[1, 3]",
                () -> x.indexCopy(0, Tensor.range(1), x));
        assertMessage("index_fill: index out of range: index -3, at [0], in an axis of 2; expected -2 to 1",
                () -> x.indexFill(0, Tensor.of(new long[] {-3}), 1));
    }

    private static void assertMessage(String message, Executable call) {
        assertEquals(message, assertThrows(ShapeException.class, call).getMessage());
    }
}
