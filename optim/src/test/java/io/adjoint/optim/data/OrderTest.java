package io.adjoint.optim.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class OrderTest {
    private static final int DRAWS = 60_000;
    /** The 99.9 % quantile of chi-square with 5 degrees of freedom. */
    private static final double CHI_SQUARE = 20.515;

    private static double chiSquare(double[] weights, int[] rows) {
        double total = Arrays.stream(weights).sum();
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            int row = i;
            double expected = rows.length * weights[i] / total;
            double found = IntStream.of(rows).filter(x -> x == row).count();
            sum += expected == 0 ? found * 1e9 : (found - expected) * (found - expected) / expected;
        }
        return sum;
    }

    @Test
    void drawsAreInProportionToWeights() {
        double[] weights = {1, 0, 5, 0.5, 2, 3, 1};
        for (long seed = 0; seed < 5; seed++) {
            int[] rows = Order.weighted(weights, DRAWS).rows(weights.length, Rng.seed(seed), 3);
            assertEquals(DRAWS, rows.length);
            double statistic = chiSquare(weights, rows);
            assertTrue(statistic < CHI_SQUARE, "seed " + seed + ": chi-square " + statistic);
        }
    }

    @Test
    void balancedClassesComeEquallyOften() {
        long[] labels = LongLabels.of(600, 60, 60, 30, 20, 10);
        int[] rows = Order.balanced(labels).rows(labels.length, Rng.seed(4), 0);
        assertEquals(labels.length, rows.length);
        int[] drawn = IntStream.of(rows).map(row -> (int) labels[row]).toArray();
        double statistic = chiSquare(new double[] {1, 1, 1, 1, 1, 1}, drawn);
        assertTrue(statistic < CHI_SQUARE, "chi-square " + statistic);
    }

    private record LongLabels() {
        static long[] of(int... counts) {
            return IntStream.range(0, counts.length).boxed()
                    .flatMapToInt(label -> IntStream.range(0, counts[label]).map(_ -> label)).asLongStream().toArray();
        }
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void onlyExamplesWithAWeightAreDrawn(@ForAll long seed, @ForAll @IntRange(max = 4) int only,
            @ForAll @IntRange(max = 50) int epoch) {
        double[] weights = new double[5];
        weights[only] = 0.1;
        int[] rows = Order.weighted(weights, 20).rows(5, Rng.seed(seed), epoch);
        assertTrue(IntStream.of(rows).allMatch(row -> row == only), Arrays.toString(rows));
    }

    @Test
    void drawsAreAFunctionOfKeyAndEpoch() {
        Order order = Order.weighted(new double[] {1, 2, 3}, 50);
        assertArrayEquals(order.rows(3, Rng.seed(1), 7), order.rows(3, Rng.seed(1), 7));
        assertFalse(Arrays.equals(order.rows(3, Rng.seed(1), 7), order.rows(3, Rng.seed(1), 8)));
        assertFalse(Arrays.equals(order.rows(3, Rng.seed(1), 7), order.rows(3, Rng.seed(2), 7)));
    }

    @Test
    void batchesHaveAsManyExamplesAsAreDrawn() {
        Dataset data = new Dataset(Tensor.ones(3, 2), Tensor.ones(3));
        Batches batches = Batches.of(data, 4, Order.weighted(new double[] {1, 2, 3}, 10), Rng.seed(1));
        assertEquals(3, batches.count());
        assertEquals(2, batches.epoch(0).getLast().size());
        Batches whole = batches.withRemainder(Remainder.DROP);
        assertEquals(2, whole.epoch(0).size());
        assertEquals(4, whole.epoch(0).getLast().size());
    }

    /** A number from 0 to 1, times such a sum, may be rounded to the sum. */
    @Test
    void whatHasNoWeightIsNotDrawnHoweverSmallTheOthersAre() {
        for (double weight : new double[] {Double.MIN_VALUE, 3 * Double.MIN_VALUE, Double.MIN_NORMAL, 1e300}) {
            int[] rows = Order.weighted(new double[] {0, weight, 0}, 100).rows(3, Rng.seed(1), 0);
            assertTrue(IntStream.of(rows).allMatch(row -> row == 1), "weight " + weight);
        }
    }

    /** Of a user's own. */
    @Test
    void anOrderThatHasOtherThanItsCountIsRefused() {
        Dataset data = new Dataset(Tensor.ones(9, 2), Tensor.ones(9));
        for (int count : new int[] {0, 2, 8, 10}) {
            Order order = (_, _, _) -> new int[count];
            assertEquals("batches: the order has another number of rows than it says: rows " + count
                    + "; expected its count, 9",
                    assertThrows(ShapeException.class,
                            () -> Batches.of(data, 4, order, Rng.seed(1)).epoch(0)).getMessage());
        }
    }

    @Test
    void badWeightsAreRefused() {
        assertEquals("weighted: not a weight: weight -1.0, of example 1; expected a finite number, 0 or more",
                assertThrows(ShapeException.class, () -> Order.weighted(new double[] {1, -1}, 1)).getMessage());
        assertThrows(ShapeException.class, () -> Order.weighted(new double[] {Double.NaN}, 1));
        assertThrows(ShapeException.class, () -> Order.weighted(new double[] {0, 0}, 1));
        assertThrows(ShapeException.class, () -> Order.weighted(new double[0], 1));
        assertThrows(ShapeException.class, () -> Order.weighted(new double[] {1}, 0));
        assertThrows(ShapeException.class, () -> Order.weighted(new double[] {1}, 1).rows(2, Rng.seed(1), 0));
        Dataset data = new Dataset(Tensor.ones(3, 2), Tensor.ones(3));
        assertEquals("dataset: found 3 examples in an epoch; expected 4 or more, for one whole batch",
                assertThrows(DataException.class, () -> data.batches(4).withRemainder(Remainder.DROP)).getMessage());
    }
}
