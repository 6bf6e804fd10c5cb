package io.adjoint.optim.schedule;

import io.adjoint.autodiff.Tensor;
import io.adjoint.optim.Schedule;
import io.adjoint.optim.hyper.Hyper;

/**
 * {@code initial (1 - min(step, steps) / steps)^power}, as {@code PolynomialLR}: 0 after the steps.
 *
 * @param initial the value of the first step
 * @param steps 1 or more
 * @param power 1 for a straight line
 */
public record PolynomialDecay(double initial, long steps, double power) implements Schedule {
    public PolynomialDecay {
        Hyper.finite("polynomial_decay", "initial", initial);
        Hyper.count("polynomial_decay", "steps", steps, 1);
        Hyper.positive("polynomial_decay", "power", power);
    }

    @Override
    public Tensor at(Tensor step) {
        return step.minimum(steps).div(steps).rsub(1).pow(power).mul(initial);
    }
}
