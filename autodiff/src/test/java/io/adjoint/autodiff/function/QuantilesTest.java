package io.adjoint.autodiff.function;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Lines;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.SortOrder;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.check.GradientCheck;
import io.adjoint.autodiff.function.Quantiles.Between;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

class QuantilesTest {
    private static final double NAN = Double.NaN;

    /** The quantile of sorted numbers. */
    private static double quantile(double[] sorted, double q, Between between) {
        double rank = q * (sorted.length - 1);
        double below = sorted[(int) Math.floor(rank)];
        double above = sorted[(int) Math.ceil(rank)];
        double weight = rank - Math.floor(rank);
        return switch (between) {
            case LOWER -> below;
            case HIGHER -> above;
            case NEAREST -> sorted[(int) Math.rint(rank)];
            case MIDPOINT -> above - (above - below) * 0.5;
            case LINEAR -> weight < 0.5 ? below + (above - below) * weight : above - (above - below) * (1 - weight);
        };
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void quantilesStandBetweenSortedElements(@ForAll long seed) {
        Lines lines = Lines.random(seed, DType.F64);
        Random random = new Random(seed);
        double[] q = {0, 1, 0.5, random.nextDouble(), random.nextInt(8) / 8.0};
        Axes axes = random.nextBoolean() ? Axes.keep(lines.axis()) : Axes.drop(lines.axis());
        if (lines.length() == 0) {
            assertThrows(ShapeException.class, () -> Quantiles.quantile(lines.tensor(), 0.5, axes, Between.LINEAR));
            return;
        }
        for (Between between : Between.values()) {
            Tensor with = Quantiles.quantile(lines.tensor(), Tensor.of(q), axes, between);
            Tensor without = Quantiles.nanQuantile(lines.tensor(), Tensor.of(q), axes, between);
            Shape one = lines.tensor().mean(axes).shape();
            for (int k = 0; k < q.length; k++) {
                assertEquals(one, with.select(0, k).shape());
                double[] actual = with.select(0, k).toDoubles();
                double[] actualWithout = without.select(0, k).toDoubles();
                List<List<Integer>> all = lines.all();
                for (int row = 0; row < all.size(); row++) {
                    double[] sorted = lines.at(lines.sorted(all.get(row), SortOrder.ASCENDING)).toDoubles();
                    double[] numbers = Arrays.stream(sorted).filter(x -> !Double.isNaN(x)).toArray();
                    String label = between + " at " + q[k] + " of " + lines + ", line " + row + ", seed " + seed;
                    double expected = numbers.length == 0 ? NAN : quantile(numbers, q[k], between);
                    assertEquals(expected, actualWithout[row], label);
                    assertEquals(numbers.length < sorted.length ? NAN : expected, actual[row], label);
                }
                assertTrue(with.select(0, k).sameBits(Quantiles.quantile(lines.tensor(), q[k], axes, between)));
                assertTrue(without.select(0, k).sameBits(Quantiles.nanQuantile(lines.tensor(), q[k], axes, between)));
            }
        }
    }

    @Test
    void theAxisOfQComesFirst() {
        Tensor x = Rng.seed(1).normal(Shape.of(2, 3, 4), DType.F32);
        Tensor q = Tensor.of(new float[] {0.25f, 0.75f, 1, 0, 0.1f});
        assertEquals(Shape.of(5, 2, 1, 4), Quantiles.quantile(x, q, Axes.keep(1), Between.LINEAR).shape());
        assertEquals(Shape.of(5), Quantiles.quantile(x, q, Axes.drop(), Between.LINEAR).shape());
        assertEquals(Shape.of(1, 1, 1), Quantiles.quantile(x, 0.5, Axes.keep(), Between.LINEAR).shape());
        assertEquals(Shape.of(3), Quantiles.quantile(x, 0.5, Axes.drop(-1, 0), Between.LINEAR).shape());
        assertTrue(Quantiles.quantile(x.permute(1, 0, 2).reshape(3, 8), 0.3, Axes.drop(1), Between.LINEAR)
                .sameBits(Quantiles.quantile(x, 0.3, Axes.drop(2, 0), Between.LINEAR)));
        Tensor scalar = Tensor.scalar(3);
        assertTrue(scalar.sameBits(Quantiles.quantile(scalar, 0.3, Axes.keep(-1), Between.LINEAR)));
        assertEquals(Shape.of(5), Quantiles.quantile(scalar, q, Axes.drop(0), Between.MIDPOINT).shape());
    }

    @Test
    void badRanksAreRefused() {
        Tensor x = Tensor.ones(4);
        for (double q : new double[] {-0.1, 1.1, NAN}) {
            assertThrows(ShapeException.class, () -> Quantiles.quantile(x, q, Axes.drop(), Between.LINEAR));
        }
        assertThrows(ShapeException.class,
                () -> Quantiles.quantile(x, Tensor.ones(1, 1), Axes.drop(), Between.LINEAR));
        assertThrows(ShapeException.class, () -> Quantiles.quantile(Tensor.range(4), 0.5, Axes.drop(), Between.LINEAR));
    }

    @Test
    void gradientsGoToTheNeighboursAndToTheRank() {
        Tensor x = Tensor.of(new double[] {3, -1, 8, 5}).tracked();
        Tensor q = Tensor.scalar(0.25, DType.F64).tracked();
        Tensor linear = Quantiles.quantile(x, q, Axes.drop(), Between.LINEAR);
        assertEquals(2, linear.item());
        assertArrayEquals(new double[] {0.75, 0.25, 0, 0}, linear.gradients(x).of(x).toDoubles());
        assertEquals(3 * (3 - -1), linear.gradients(q).of(q).item());
        Tensor midpoint = Quantiles.quantile(x, q, Axes.drop(), Between.MIDPOINT);
        assertArrayEquals(new double[] {0.5, 0.5, 0, 0}, midpoint.gradients(x).of(x).toDoubles());
        GradientCheck.of("quantile").check(
                in -> Quantiles.quantile(in.getFirst(), in.get(1), Axes.drop(0), Between.LINEAR),
                Rng.seed(2).normal(Shape.of(5, 3), DType.F64), Tensor.of(new double[] {0.1, 0.6}));
    }
}
