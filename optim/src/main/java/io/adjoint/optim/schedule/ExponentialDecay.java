package io.adjoint.optim.schedule;

import io.adjoint.autodiff.Tensor;
import io.adjoint.optim.Schedule;
import io.adjoint.optim.hyper.Hyper;

/**
 * {@code initial gamma^step}, as {@code ExponentialLR}.
 *
 * @param initial the value of the first step
 * @param gamma 0 or more
 */
public record ExponentialDecay(double initial, double gamma) implements Schedule {
    public ExponentialDecay {
        Hyper.finite("exponential_decay", "initial", initial);
        Hyper.notNegative("exponential_decay", "gamma", gamma);
    }

    @Override
    public Tensor at(Tensor step) {
        return step.rpow(gamma).mul(initial);
    }
}
