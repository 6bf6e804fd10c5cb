package io.adjoint.nn.uncertainty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Activation;
import io.adjoint.nn.Dropout;
import io.adjoint.nn.DropoutScope;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Linear;
import io.adjoint.nn.Sequential;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RepeatedPredictionsTest {
    private static final double LN2 = Math.log(2);

    private static Sequential model() {
        Rng rng = Rng.seed(1);
        return Sequential.of(Linear.of(3, 32, rng.stream(0)), Activation.RELU, Dropout.of(0.5, rng.stream(1)),
                Linear.of(32, 4, rng.stream(2)));
    }

    @Test
    void passesDifferFromEachOtherButNotFromThoseOfTheSameKey() {
        Sequential model = model();
        Tensor x = Rng.seed(2).normal(Shape.of(5, 3), DType.F32);
        Tensor before = model.forward(x);
        Tensor passes = MonteCarloDropout.passes(model, x, 20, Rng.seed(3));
        assertEquals(Shape.of(20, 5, 4), passes.shape());
        Set<String> different = new HashSet<>();
        for (Tensor pass : passes.unbind(0)) {
            different.add(pass.toString());
        }
        assertEquals(20, different.size());
        assertTrue(passes.sameBits(MonteCarloDropout.passes(model, x, 20, Rng.seed(3))), "the model was changed");
        assertTrue(before.sameBits(model.forward(x)), "dropout leaks out of the scope");
        Tensor there = CompletableFuture.supplyAsync(() -> MonteCarloDropout.passes(model, x, 20, Rng.seed(3))).join();
        assertTrue(passes.sameBits(there));
        assertFalse(passes.sameBits(MonteCarloDropout.passes(model, x, 20, Rng.seed(4))));
    }

    /** The mean of masks is 1, and their variance p / (1 - p). */
    @Test
    void passesHaveTheMeanAndTheVarianceOfTheMasks() {
        Tensor x = Tensor.full(Shape.of(3), DType.F64, 2);
        RegressionPredictions found =
                MonteCarloDropout.regress(Dropout.of(0.2, Rng.seed(1)), x, 4000, Rng.seed(5));
        assertArrayEquals(new double[] {2, 2, 2}, found.mean().toDoubles(), 6 * Math.sqrt(1.0 / 4000));
        assertArrayEquals(new double[] {1, 1, 1}, found.variance().toDoubles(), 0.15);
    }

    @Test
    void everythingButDropoutStaysInInference() {
        Layer spy = x -> Tensor.of(new boolean[] {Training.isActive(), DropoutScope.isActive()}).cast(DType.F32);
        assertArrayEquals(new float[] {0, 1},
                Training.scope(() -> MonteCarloDropout.passes(spy, Tensor.ones(1), 1, Rng.seed(1))).toFloats());
        assertFalse(DropoutScope.isActive());
    }

    @Test
    void aLayerThatIsCalledTwiceHasTwoMasks() {
        Dropout layer = Dropout.of(0.5, Rng.seed(1));
        Tensor x = Tensor.ones(64);
        Tensor masks = MonteCarloDropout.passes(y -> Tensor.stack(0, layer.forward(y), layer.forward(y)), x, 1,
                Rng.seed(2)).squeeze(0);
        assertFalse(masks.select(0, 0).sameBits(masks.select(0, 1)));
    }

    @Test
    void agreementHasNoMutualInformationAndCertainDisagreementAllOfIt() {
        Tensor agree = Tensor.of(new double[] {0.5, 0.5, 0.5, 0.5}, 2, 1, 2);
        ClassPredictions same = new ClassPredictions(agree);
        assertEquals(LN2, same.predictiveEntropy().item(), 1e-15);
        assertEquals(LN2, same.expectedEntropy().item(), 1e-15);
        assertEquals(0, same.mutualInformation().item(), 1e-15);
        ClassPredictions opposed = new ClassPredictions(Tensor.of(new double[] {1, 0, 0, 1}, 2, 1, 2));
        assertEquals(LN2, opposed.predictiveEntropy().item(), 1e-15);
        assertEquals(0, opposed.expectedEntropy().item(), 1e-15);
        assertEquals(LN2, opposed.mutualInformation().item(), 1e-15);
        assertArrayEquals(new double[] {0.25, 0.25}, opposed.variance().toDoubles(), 1e-15);
    }

    /** The mean and the variance of a mixture. */
    @Test
    void ensemblesOfNumbersAddBothVariances() {
        RegressionPredictions found = new RegressionPredictions(Tensor.of(new double[] {1, 3}, 2, 1),
                Tensor.of(new double[] {0.5, 0.7}, 2, 1));
        assertEquals(2, found.mean().item());
        assertEquals(1, found.epistemicVariance().item());
        assertEquals(0.6, found.aleatoricVariance().item(), 1e-15);
        assertEquals(1.6, found.normal().variance().item(), 1e-15);
    }

    @Test
    void anEnsembleAsksEachMember() {
        Linear first = new Linear(Variable.parameter(Tensor.of(new double[] {1, 2}, 2, 1)), Optional.empty());
        Linear second = new Linear(Variable.parameter(Tensor.of(new double[] {3, 0}, 2, 1)),
                Optional.empty());
        DeepEnsemble ensemble = new DeepEnsemble(List.of(first, second));
        assertEquals(List.of("members.0.weight", "members.1.weight"), List.copyOf(ensemble.variables().keySet()));
        Tensor x = Tensor.of(new double[] {1}, 1, 1);
        assertArrayEquals(new double[] {2, 1}, ensemble.regress(x).mean().toDoubles());
        RegressionPredictions two = ensemble.regressWithVariance(x);
        assertEquals(2, two.mean().item());
        assertEquals((Math.log1p(Math.exp(2)) + LN2) / 2 + 1e-6, two.aleatoricVariance().item(), 1e-14);
    }

    @Test
    void refusals() {
        assertThrows(ShapeException.class, () -> new DeepEnsemble(List.of()));
        assertThrows(ShapeException.class, () -> MonteCarloDropout.passes(model(), Tensor.ones(3), 0, Rng.seed(1)));
        assertThrows(ShapeException.class, () -> new ClassPredictions(Tensor.ones(3)));
        assertThrows(ShapeException.class,
                () -> new RegressionPredictions(Tensor.ones(3, 2), Tensor.ones(3)));
    }
}
