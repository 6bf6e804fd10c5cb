package io.adjoint.autodiff.function;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Sampling.Replacement;
import io.adjoint.autodiff.runtime.Workers;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

class SamplingTest {
    /** What is made of uniform and normal numbers, in sizes that are shared. */
    private static final List<Function<Rng, Tensor>> DRAWS = List.of(
            rng -> Sampling.dropout(Tensor.ones(300, 400), 0.3, rng),
            rng -> Sampling.categorical(rng, Tensor.zeros(3000, 40)),
            rng -> Sampling.multinomial(rng, Tensor.ones(1000, 50), 5, Replacement.WITHOUT),
            rng -> Sampling.bernoulli(rng, Tensor.full(Shape.of(300, 400), DType.F32, 0.5)),
            rng -> Tensor.of(rng.permutation(100_000)));

    /** One draw after the other, each from the weights that are left. */
    @Property(tries = 200, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void withoutReplacementNothingIsDrawnTwice(@ForAll long seed) {
        Rng rng = Rng.seed(seed);
        Tensor weights = rng.stream(1).uniform(Shape.of(3, 60), DType.F64).add(0.01);
        Tensor drawn = Sampling.multinomial(rng, weights, 60, Replacement.WITHOUT);
        for (int i = 0; i < 60; i += 7) {
            Tensor next = drawn.slice(1, i, i + 1);
            assertTrue(next.sameBits(Sampling.categorical(rng, weights.log()).unsqueeze(1)), "draw " + i);
            assertTrue(drawn.slice(1, i, 60).sameBits(
                    Sampling.multinomial(rng, weights, 60 - i, Replacement.WITHOUT)), "from draw " + i);
            Tensor gone = drawn.slice(1, i, Math.min(60, i + 7));
            weights = weights.add(Tensor.zeros(weights.shape(), DType.F64)
                    .scatterAdd(1, gone, weights.gather(1, gone).neg()));
        }
        assertEquals(3 * 60, drawn.sort(1).values().eq(Tensor.range(60)).sum().item());
    }

    @Test
    void threadsDoNotShow() {
        for (Function<Rng, Tensor> draw : DRAWS) {
            Tensor alone = Workers.withThreads(1, () -> draw.apply(Rng.seed(9)));
            for (int threads = 2; threads <= 4; threads++) {
                assertTrue(alone.sameBits(Workers.withThreads(threads, () -> draw.apply(Rng.seed(9)))));
            }
        }
    }

    /** Dropped with this probability, and the mean kept. */
    @Test
    void dropoutZeroesAndScales() {
        Tensor dropped = Sampling.dropout(Tensor.ones(300, 300), 0.25, Rng.seed(4));
        Tensor isZero = dropped.eq(0);
        assertEquals(0.25, isZero.cast(DType.F64).mean().item(), 5 * Math.sqrt(0.25 * 0.75 / 90_000));
        assertTrue(isZero.or(dropped.eq(Tensor.scalar((float) (1 / 0.75)))).all().item() == 1);
        Tensor features = Sampling.featureDropout(Tensor.ones(20, 30, 7), 0.25, Rng.seed(4));
        assertTrue(features.sameBits(features.slice(2, 0, 1).expand(20, 30, 7)), "whole channels");
        assertEquals(0.25, features.eq(0).cast(DType.F64).mean().item(), 5 * Math.sqrt(0.25 * 0.75 / 600));
    }

    /** What it is for: mean and variance of standard normal numbers stay. */
    @Test
    void alphaDropoutKeepsMeanAndVariance() {
        Tensor x = Rng.seed(5).normal(Shape.of(90_000), DType.F64);
        Tensor dropped = Sampling.alphaDropout(x, 0.25, Rng.seed(6));
        assertEquals(0, dropped.mean().item(), 5 / Math.sqrt(90_000));
        assertEquals(1, dropped.var().item(), 5 * Math.sqrt(2 / 90_000.0));
    }

    @Test
    void featureAlphaDropoutDropsWholeChannels() {
        Tensor x = Rng.seed(5).normal(Shape.of(300, 300, 2), DType.F64);
        Tensor dropped = Sampling.featureAlphaDropout(x, 0.25, Rng.seed(6).key());
        // the limit of SELU, scaled and shifted
        double limit = -1.7580993408473766;
        double one = 0.75 * limit / Math.sqrt(0.75 * (1 + 0.25 * limit * limit));
        Tensor isDropped = dropped.sub(one).abs().lt(1e-12);
        assertTrue(isDropped.select(2, 0).eq(isDropped.select(2, 1)).all().item() == 1, "whole channels");
        assertEquals(0.25, isDropped.cast(DType.F64).mean().item(), 5 * Math.sqrt(0.25 * 0.75 / 90_000));
        assertEquals(0, dropped.mean().item(), 5 / Math.sqrt(90_000));
        assertEquals(1, dropped.var().item(), 5 * 2 * Math.sqrt(2 / 90_000.0));
    }

    @Test
    void whatIsNoProbabilityIsRefused() {
        for (double wrong : new double[] {-0.01, 1.01, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertEquals("bernoulli: not a probability: probability " + wrong + "; expected 0 to 1",
                    assertThrows(ShapeException.class,
                            () -> Sampling.bernoulli(Rng.seed(1), Tensor.of(new double[] {0.5, wrong}))).getMessage());
        }
        assertArrayEquals(new boolean[] {false, true},
                Sampling.bernoulli(Rng.seed(1), Tensor.of(new double[] {0, 1})).toBooleans());
    }

    @Test
    void rowsThatAreNoDistributionAreRefused() {
        double none = Double.NEGATIVE_INFINITY;
        for (double wrong : new double[] {none, Double.NaN, Double.POSITIVE_INFINITY}) {
            Tensor logits = Tensor.of(new double[] {none, 2, none, wrong}, 2, 2);
            assertEquals("categorical: no distribution: greatest logit " + wrong
                    + ", in row 1; expected a finite greatest logit in each row",
                    assertThrows(ShapeException.class, () -> Sampling.categorical(Rng.seed(1), logits)).getMessage());
        }
        assertArrayEquals(new long[] {1, 0}, Sampling.categorical(Rng.seed(1), Tensor.of(
                new double[] {none, 2, -900, none}, 2, 2)).toLongs());
    }

    /** The quantiles of the uniform numbers of the key, and the mean and variance of the distribution. */
    @Test
    void exponentialNumbersAreQuantiles() {
        Shape shape = Shape.of(90_000);
        double[] spread = Rng.seed(7).uniform(shape, DType.F64).toDoubles();
        Tensor drawn = Sampling.exponential(Rng.seed(7), shape, DType.F64, 2.5);
        double[] found = drawn.toDoubles();
        for (int i = 0; i < found.length; i++) {
            double quantile = -StrictMath.log1p(-spread[i]) / 2.5;
            assertEquals(quantile, found[i], 4 * Math.ulp(quantile));
        }
        double mean = 1 / 2.5;
        assertEquals(mean, drawn.mean().item(), 5 * mean / Math.sqrt(90_000));
        // the fourth central moment is 9 mean^4
        assertEquals(mean * mean, drawn.var().item(), 5 * mean * mean * Math.sqrt(8 / 90_000.0));
        assertThrows(ShapeException.class, () -> Sampling.exponential(Rng.seed(7), shape, DType.F64, 0));
    }
}
