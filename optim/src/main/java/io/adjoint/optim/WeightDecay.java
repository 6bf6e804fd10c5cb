package io.adjoint.optim;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.TensorSpec;

/**
 * Pulls parameters towards zero: {@code u -> u + rate p}. In front of everything else it is the gradient of the penalty
 * {@code rate / 2 * |p|^2} (L2), behind momentum it is decoupled decay.
 *
 * @param rate 0 or more
 */
public record WeightDecay(double rate) implements PerParameter {
    public WeightDecay {
        if (!(rate >= 0)) {
            throw ShapeException.of("weight_decay", "the rate is negative").operand("rate", rate)
                    .expected("0 or more");
        }
    }

    @Override
    public Rule rule(TensorSpec spec) {
        return (update, parameter, step) -> update.add(parameter.mul(rate));
    }
}
