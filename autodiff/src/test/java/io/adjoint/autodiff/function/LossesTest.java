package io.adjoint.autodiff.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.Sampler;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LossesTest {
    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void crossEntropyIsMinusTheLogarithmOfTheLabelsProbability(@ForAll @IntRange(min = 1, max = 5) int rows,
            @ForAll @IntRange(min = 1, max = 6) int classes, @ForAll long seed) {
        Rng rng = Rng.seed(seed);
        Tensor logits = rng.stream(0).normal(Shape.of(rows, classes), DType.F64).mul(3);
        Tensor labels = rng.stream(1).uniform(Shape.of(rows), DType.F64).mul(classes).floor().cast(DType.I64);
        double[] z = logits.toDoubles();
        long[] label = labels.toLongs();
        double[] each = Losses.crossEntropy(logits, labels, Reduction.NONE).toDoubles();
        double total = 0;
        for (int i = 0; i < rows; i++) {
            double sum = 0;
            for (int j = 0; j < classes; j++) {
                sum += Math.exp(z[i * classes + j]);
            }
            double expected = -Math.log(Math.exp(z[i * classes + (int) label[i]]) / sum);
            assertEquals(expected, each[i], 1e-12);
            total += expected;
        }
        assertEquals(total, Losses.crossEntropy(logits, labels, Reduction.SUM).item(), 1e-11);
        assertEquals(total / rows, Losses.crossEntropy(logits, labels).item(), 1e-11);
        assertTrue(Losses.crossEntropy(logits, labels).sameBits(Losses.crossEntropy(logits, labels.cast(DType.I32))));
    }

    @Test
    void crossEntropyOfHugeLogitsIsExact() {
        Tensor logits = Tensor.of(new float[] {1e4f, -1e4f, -1e4f, 1e4f}, 2, 2).tracked();
        Tensor losses = Losses.crossEntropy(logits, Tensor.of(new int[] {0, 0}), Reduction.NONE);
        assertEquals("[    0., 20000.]  F32[2]", losses.toString());
        assertEquals("[[ 0.,  0.],\n [-1.,  1.]]  F32[2, 2]", losses.sum().gradients(logits).of(logits).toString());
    }

    @Test
    void meanSquaredErrorByHand() {
        Tensor prediction = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
        Tensor target = Tensor.of(new float[] {1, 0, 0, 4}, 2, 2);
        assertEquals("[[0., 4.],\n [9., 0.]]  F32[2, 2]",
                Losses.meanSquaredError(prediction, target, Reduction.NONE).toString());
        assertEquals(13, Losses.meanSquaredError(prediction, target, Reduction.SUM).item());
        assertEquals(3.25, Losses.meanSquaredError(prediction, target).item());
    }

    @Test
    void aScalarIsOneExample() {
        assertEquals(6, Reduction.BATCH_MEAN.of(Tensor.scalar(6)).item());
        assertEquals(5, Reduction.BATCH_MEAN.of(Tensor.of(new float[] {6, 4, 0, 0}, 2, 2)).item());
    }

    @Test
    void theMeanOfNothingIsNaN() {
        assertTrue(Double.isNaN(Losses.meanSquaredError(Tensor.zeros(0), Tensor.zeros(0)).item()));
        assertTrue(Double.isNaN(Losses.crossEntropy(Tensor.zeros(0, 3), Tensor.range(0)).item()));
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void squaredErrorsOfShapesThatDifferAreRefused(@ForAll long seed) {
        Sampler sampler = new Sampler(seed, DType.F32);
        Shape prediction = sampler.shape();
        Shape target = sampler.shape();
        Assume.that(!prediction.equals(target));
        ShapeException e = assertThrows(ShapeException.class, () -> Losses
                .meanSquaredError(Tensor.zeros(prediction, DType.F32), Tensor.zeros(target, DType.F32)));
        assertEquals("mean_squared_error: shapes differ: prediction " + prediction + ", target " + target
                + "; expected target " + prediction, e.getMessage());
    }

    @Test
    void labelsOutOfRangeAreRefused() {
        assertThrows(ShapeException.class,
                () -> Losses.crossEntropy(Tensor.zeros(2, 3), Tensor.of(new int[] {0, 3})));
        assertThrows(ShapeException.class,
                () -> Losses.crossEntropy(Tensor.zeros(2, 3), Tensor.of(new float[] {0, 1})));
    }

    @Test
    void gaussianRefusesOtherTargetsAndWrongVariances() {
        Tensor mean = Tensor.ones(3);
        assertEquals("gaussian", assertThrows(ShapeException.class,
                () -> LikelihoodLosses.gaussian(mean, Tensor.ones(2), mean)).operation());
        for (double epsilon : new double[] {-1e-9, Double.NaN}) {
            assertEquals("gaussian: not a least variance: epsilon " + epsilon + "; expected 0 or more",
                    assertThrows(ShapeException.class, () -> LikelihoodLosses.gaussian(mean, mean, mean,
                            LikelihoodLosses.Terms.ALL, epsilon, Reduction.MEAN)).getMessage());
        }
    }

    /** Raised exactly, not by a difference that cancels; the gradient is that of the least variance. */
    @Test
    void aVarianceBelowEpsilonCountsAsEpsilon() {
        Tensor mean = Tensor.scalar(0f);
        Tensor target = Tensor.scalar(0.001f);
        Tensor least = LikelihoodLosses.gaussian(mean, target, Tensor.scalar(1e-6f));
        for (float variance : new float[] {-100, -1, 0, 1e-7f}) {
            assertTrue(least.sameBits(LikelihoodLosses.gaussian(mean, target, Tensor.scalar(variance))),
                    () -> "at " + variance);
        }
    }
}
