package io.adjoint.optim.schedule;

import io.adjoint.autodiff.Tensor;
import io.adjoint.optim.Schedule;
import io.adjoint.optim.hyper.Hyper;

/**
 * {@code initial gamma^floor(step / every)}, as {@code StepLR}.
 *
 * @param initial the value of the first steps
 * @param every after so many steps it is multiplied, 1 or more
 * @param gamma by this, 0 or more
 */
public record StepDecay(double initial, long every, double gamma) implements Schedule {
    public StepDecay {
        Hyper.finite("step_decay", "initial", initial);
        Hyper.count("step_decay", "every", every, 1);
        Hyper.notNegative("step_decay", "gamma", gamma);
    }

    @Override
    public Tensor at(Tensor step) {
        return step.floorDivide(every).rpow(gamma).mul(initial);
    }
}
