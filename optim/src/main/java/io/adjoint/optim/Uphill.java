package io.adjoint.optim;

import io.adjoint.autodiff.TensorSpec;
import java.util.SequencedMap;

/**
 * Turns a transformation uphill: the gradients are negated first, as {@code maximize} of PyTorch's optimizers does. Decay
 * still pulls towards zero.
 *
 * @param downhill what gets the negated gradients
 */
public record Uphill(Transformation downhill) implements Transformation {
    @Override
    public Transformation withWeightDecay(double rate) {
        return new Uphill(downhill.withWeightDecay(rate));
    }

    @Override
    public Stage bind(SequencedMap<String, TensorSpec> parameters) {
        PerParameter negation = _ -> (update, _, _) -> update.neg();
        return Chain.of(negation, downhill).bind(parameters);
    }
}
