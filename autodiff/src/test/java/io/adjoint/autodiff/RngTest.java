package io.adjoint.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random numbers: reproducible, spread as they should be, and independent where they should be. */
class RngTest {
    private static final int MANY = 200_000;

    /** Six standard errors: with these seeds the numbers are what they are, and a wrong distribution is far outside. */
    private static final double SIGMAS = 6;

    private static double[] doubles(Tensor x) {
        return x.cast(DType.F64).toDoubles();
    }

    private static void assertMoment(double expected, double variance, double[] numbers, ToDoubleFunction<Double> of) {
        double mean = Arrays.stream(numbers).map(x -> of.applyAsDouble(x)).average().orElseThrow();
        assertEquals(expected, mean, SIGMAS * Math.sqrt(variance / numbers.length));
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F64"})
    void uniformNumbersAreSpreadEvenly(DType dtype) {
        double[] u = doubles(Rng.seed(1).uniform(Shape.of(MANY), dtype));
        assertTrue(Arrays.stream(u).allMatch(x -> 0 <= x && x < 1));
        assertMoment(1 / 2.0, 1 / 12.0, u, x -> x);
        assertMoment(1 / 3.0, 4 / 45.0, u, x -> x * x);
        int bins = 100;
        double[] counts = new double[bins];
        Arrays.stream(u).forEach(x -> counts[(int) (x * bins)]++);
        double expected = (double) MANY / bins;
        double chiSquare = Arrays.stream(counts).map(n -> (n - expected) * (n - expected) / expected).sum();
        assertEquals(bins - 1, chiSquare, SIGMAS * Math.sqrt(2.0 * (bins - 1)));
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F64"})
    void normalNumbersHaveTheMomentsOfTheNormalDistribution(DType dtype) {
        double[] z = doubles(Rng.seed(2).normal(Shape.of(MANY), dtype));
        assertMoment(0, 1, z, x -> x);
        assertMoment(1, 2, z, x -> x * x);
        assertMoment(0, 15, z, x -> x * x * x);
        assertMoment(3, 96, z, x -> x * x * x * x);
        // the share within one and within two standard deviations
        assertMoment(0.682689492, 0.217, z, x -> Math.abs(x) < 1 ? 1 : 0);
        assertMoment(0.954499736, 0.0434, z, x -> Math.abs(x) < 2 ? 1 : 0);
    }

    @Test
    void neighboursAreUncorrelated() {
        double[] z = doubles(Rng.seed(3).normal(Shape.of(MANY), DType.F64));
        for (int lag = 1; lag <= 5; lag++) {
            int by = lag;
            double[] products = IntStream.range(0, MANY - lag).mapToDouble(i -> z[i] * z[i + by]).toArray();
            assertMoment(0, 1, products, x -> x);
        }
    }

    @Test
    void aKeyGivesTheSameNumbersWhateverTheShape() {
        Rng rng = Rng.seed(4).stream(9);
        assertTrue(rng.uniform(Shape.of(6), DType.F32).reshape(2, 3).sameBits(rng.uniform(Shape.of(2, 3), DType.F32)));
        assertTrue(rng.normal(Shape.of(100), DType.F64).slice(0, 0, 7).sameBits(rng.normal(Shape.of(7), DType.F64)),
                "a prefix does not depend on what follows");
        assertTrue(Rng.of(rng.key()).normal(Shape.of(5), DType.F32).sameBits(rng.normal(Shape.of(5), DType.F32)));
    }

    @Test
    void seedsAndStreamsDiffer() {
        Set<Double> seen = new HashSet<>();
        for (int seed = 0; seed < 20; seed++) {
            for (int stream = 0; stream < 20; stream++) {
                Rng rng = Rng.seed(seed).stream(stream);
                assertTrue(seen.add(rng.uniform(Shape.scalar(), DType.F64).item()));
                assertTrue(seen.add(rng.stream(stream).uniform(Shape.scalar(), DType.F64).item()), "nested streams");
            }
            assertTrue(seen.add(Rng.seed(seed).uniform(Shape.scalar(), DType.F64).item()), "the seed's own stream");
        }
    }

    @Test
    void numbersOfTwoStreamsAreUncorrelated() {
        double[] a = doubles(Rng.seed(5).stream(0).normal(Shape.of(MANY), DType.F64));
        double[] b = doubles(Rng.seed(5).stream(1).normal(Shape.of(MANY), DType.F64));
        assertMoment(0, 1, IntStream.range(0, MANY).mapToDouble(i -> a[i] * b[i]).toArray(), x -> x);
    }

    @Test
    void aPermutationHasEveryNumberOnce() {
        for (int count : new int[] {0, 1, 2, 17, 1000}) {
            int[] sorted = Rng.seed(6).stream(count).permutation(count);
            Arrays.sort(sorted);
            assertArrayEquals(IntStream.range(0, count).toArray(), sorted);
        }
    }

    @Test
    void everyPermutationIsEquallyLikely() {
        int[] counts = new int[6];
        int rounds = 6_000;
        for (int i = 0; i < rounds; i++) {
            int[] order = Rng.seed(7).stream(i).permutation(3);
            counts[order[0] * 2 + (order[1] > order[2] ? 1 : 0)]++;
        }
        for (int count : counts) {
            assertEquals(rounds / 6.0, count, SIGMAS * Math.sqrt(rounds * 5 / 36.0));
        }
    }

    @Test
    void coinsFallAsOftenAsTheyShould() {
        double[] coins = doubles(Rng.seed(8).bernoulli(Shape.of(MANY), 0.3));
        assertMoment(0.3, 0.21, coins, x -> x);
        assertFalse(Rng.seed(8).bernoulli(Shape.of(1000), 0).any().item() == 1);
        assertTrue(Rng.seed(8).bernoulli(Shape.of(1000), 1).all().item() == 1);
        assertThrows(ShapeException.class, () -> Rng.seed(8).bernoulli(Shape.of(2), 1.5));
        assertThrows(ShapeException.class, () -> Rng.seed(8).bernoulli(Shape.of(2), Double.NaN));
        assertThrows(ShapeException.class, () -> Rng.seed(8).uniform(Shape.of(2), DType.I32));
        assertThrows(ShapeException.class, () -> Rng.of(Tensor.range(3)));
    }

    @Test
    void aPermutationOfFewerThanNothingIsRefused() {
        assertEquals("permutation: a negative number: count -1; expected 0 or more",
                assertThrows(ShapeException.class, () -> Rng.seed(1).permutation(-1)).getMessage());
    }
}
