package io.adjoint.optim;

import io.adjoint.autodiff.TensorSpec;
import io.adjoint.optim.hyper.Hyper;

/**
 * Pulls parameters towards zero: {@code u -> u + rate p}. In front of everything else it is the gradient of the penalty
 * {@code rate / 2 * |p|^2} (L2), behind momentum it is decoupled decay.
 *
 * @param rate 0 or more
 */
public record WeightDecay(double rate) implements PerParameter {
    public WeightDecay {
        Hyper.notNegative("weight_decay", "rate", rate);
    }

    @Override
    public Rule rule(TensorSpec spec) {
        return (update, parameter, step) -> update.add(parameter.mul(rate));
    }
}
