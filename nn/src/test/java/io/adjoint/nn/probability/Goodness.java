package io.adjoint.nn.probability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.Tensor;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** Whether draws come from a distribution: tests that a right sampler fails once in a thousand keys. */
final class Goodness {
    private Goodness() {}

    /** Kolmogorov and Smirnov: the greatest distance between shares and probabilities. */
    static void requireContinuous(Tensor draws, UnaryOperator<Tensor> cdf) {
        double[] p = cdf.apply(draws).toDoubles();
        Arrays.sort(p);
        int n = p.length;
        double distance = 0;
        for (int i = 0; i < n; i++) {
            distance = Math.max(distance, Math.max(p[i] - (double) i / n, (i + 1.0) / n - p[i]));
        }
        double reach = distance * Math.sqrt(n);
        assertTrue(reach < 1.95, () -> "the greatest distance is " + reach + " / sqrt(n)");
    }

    /** Pearson's chi-square over all values that are expected five times or more; the others count as one. */
    static void requireDiscrete(Tensor draws, Tensor values, Distribution distribution) {
        double[] probabilities = distribution.logProb(values).exp().toDoubles();
        int n = draws.dim(0);
        double chi = 0;
        int cells = 0;
        double restExpected = 0;
        double restSeen = 0;
        double all = 0;
        for (int i = 0; i < probabilities.length; i++) {
            Tensor isValue = draws.eq(values.slice(0, i, i + 1));
            while (isValue.rank() > 1) {
                isValue = isValue.all(-1);
            }
            double seen = isValue.countNonzero().item();
            double expected = n * probabilities[i];
            all += seen;
            if (expected >= 5) {
                chi += (seen - expected) * (seen - expected) / expected;
                cells++;
            } else {
                restSeen += seen;
                restExpected += expected;
            }
        }
        assertEquals(n, all, "draws among the values");
        if (restExpected >= 5) {
            chi += (restSeen - restExpected) * (restSeen - restExpected) / restExpected;
            cells++;
        } else {
            assertTrue(restSeen <= 20, "rare values are drawn too often");
        }
        double freedom = Math.max(1, cells - 1);
        double cube = 1 - 2 / (9 * freedom) + 3.09 * Math.sqrt(2 / (9 * freedom));
        double most = freedom * cube * cube * cube;
        double found = chi;
        assertTrue(found < most, () -> "chi-square is " + found + ", of " + most + " at most");
    }
}
