package io.adjoint.nn.uncertainty;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.nn.DropoutScope;
import io.adjoint.nn.Layer;

/**
 * Predictions with dropout, repeated: how far they lie apart tells how unsure a trained model is (Gal and Ghahramani 2016).
 * All else is as in inference, and the model is left as it is. A pass is a function of its number and the key.
 */
public final class MonteCarloDropout {
    private MonteCarloDropout() {}

    /**
     * The results of so many passes, {@code [passes, ...]}.
     *
     * @throws ShapeException if there are no passes, or the model refuses the input
     */
    public static Tensor passes(Layer model, Tensor x, int passes, Rng rng) {
        if (passes < 1) {
            throw ShapeException.of("monte_carlo_dropout", "no passes").operand("passes", passes)
                    .expected("1 or more");
        }
        Tensor[] results = new Tensor[passes];
        for (int i = 0; i < passes; i++) {
            Rng own = rng.stream(i);
            results[i] = Training.suspended(() -> DropoutScope.sampling(own, () -> model.forward(x)));
        }
        return Tensor.stack(0, results);
    }

    /** The passes of a model that gives logits, {@code [..., classes]}. */
    public static ClassPredictions classify(Layer model, Tensor x, int passes, Rng rng) {
        return ClassPredictions.ofLogits(passes(model, x, passes, rng));
    }

    /** The passes of a model that gives numbers. */
    public static RegressionPredictions regress(Layer model, Tensor x, int passes, Rng rng) {
        return RegressionPredictions.of(passes(model, x, passes, rng));
    }
}
