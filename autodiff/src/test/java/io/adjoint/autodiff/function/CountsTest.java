package io.adjoint.autodiff.function;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Counts of Poisson and binomial distributions against their distribution functions. */
class CountsTest {
    private static final int DRAWS = 20_000;

    /** A count k becomes a uniform number between P(less than k) and P(k or less); those must be uniform. */
    private static void requireUniform(Tensor below, Tensor upTo) {
        double[] low = below.toDoubles();
        double[] high = upTo.toDoubles();
        SplittableRandom random = new SplittableRandom(1);
        double[] seen = new double[50];
        for (int i = 0; i < low.length; i++) {
            double u = low[i] + random.nextDouble() * (high[i] - low[i]);
            seen[Math.min((int) (u * seen.length), seen.length - 1)]++;
        }
        double expected = (double) DRAWS / seen.length;
        double chi = 0;
        for (double count : seen) {
            chi += (count - expected) * (count - expected) / expected;
        }
        double found = chi;
        // exceeded once in a thousand keys
        assertTrue(chi < 85.4, () -> "chi-square is " + found + " with 49 degrees of freedom");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.8, 9.99, 10.01, 33.3, 1000.5, 2e6})
    void poissonCountsHaveTheirDistribution(double mean) {
        Tensor means = Tensor.full(Shape.of(DRAWS), DType.F64, mean);
        Tensor counts = Sampling.poisson(Rng.seed(4), means).cast(DType.F64);
        Tensor below = counts.eq(0).where(0, Special.gammaincc(counts.clampMin(1), means));
        requireUniform(below, Special.gammaincc(counts.add(1), means));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.003, 0.2, 0.5, 0.77, 0.999})
    void binomialCountsHaveTheirDistribution(double chance) {
        for (int trials : new int[] {1, 15, 60, 5000}) {
            Tensor n = Tensor.full(Shape.of(DRAWS), DType.F64, trials);
            Tensor counts = Sampling.binomial(Rng.seed(6), n, Tensor.scalar(chance, DType.F64)).cast(DType.F64);
            assertEquals(1, counts.ge(0).and(counts.le(n)).all().item());
            requireUniform(upTo(counts.sub(1), trials, chance), upTo(counts, trials, chance));
        }
    }

    private static Tensor upTo(Tensor k, int trials, double chance) {
        Tensor inner = k.clamp(0, trials - 1);
        Tensor rest = Tensor.scalar(1 - chance, DType.F64);
        Tensor sum = Special.betainc(inner.rsub(trials), inner.add(1), rest);
        return k.lt(0).where(0, k.ge(trials).where(1, sum));
    }

    @Test
    void edges() {
        Tensor means = Tensor.of(new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY});
        assertArrayEquals(new long[] {0, -1, -1, -1}, Sampling.poisson(Rng.seed(1), means).toLongs());
        Tensor trials = Tensor.of(new double[] {0, 7, 7, 2.5, -1, 7, 7});
        Tensor chances = Tensor.of(new double[] {0.5, 0, 1, 0.5, 0.5, 1.5, Double.NaN});
        assertArrayEquals(new long[] {0, 0, 7, -1, -1, -1, -1},
                Sampling.binomial(Rng.seed(1), trials, chances).toLongs());
        double huge = Sampling.poisson(Rng.seed(1), Tensor.full(Shape.of(1), DType.F64, 1e16)).item();
        assertEquals(1e16, huge, 1e9);
    }

    @Test
    void aCountIsAFunctionOfTheKeyAndItsIndex() {
        Tensor means = Tensor.full(Shape.of(100), DType.F32, 12);
        Tensor counts = Sampling.poisson(Rng.seed(4), means);
        assertTrue(counts.slice(0, 0, 40).sameBits(Sampling.poisson(Rng.seed(4), means.slice(0, 0, 40))));
    }
}
