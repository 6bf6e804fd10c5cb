package io.adjoint.optim.schedule;

import io.adjoint.autodiff.Tensor;
import io.adjoint.optim.Schedule;
import io.adjoint.optim.hyper.Hyper;

/**
 * A straight line from one value to another, which then stays: {@code start + (end - start) min(step, steps) / steps}. With
 * {@code start = rate / 3} and {@code end = rate} this is {@code LinearLR}, a warm-up.
 *
 * @param start the value of the first step
 * @param end the value after the steps
 * @param steps 1 or more
 */
public record Linear(double start, double end, long steps) implements Schedule {
    public Linear {
        Hyper.finite("linear", "start", start);
        Hyper.finite("linear", "end", end);
        Hyper.count("linear", "steps", steps, 1);
    }

    @Override
    public Tensor at(Tensor step) {
        return step.minimum(steps).div(steps).mul(end - start).add(start);
    }
}
