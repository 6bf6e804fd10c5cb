package io.adjoint.optim.schedule;

import io.adjoint.autodiff.Tensor;
import io.adjoint.optim.Schedule;
import io.adjoint.optim.hyper.Hyper;

/**
 * Up in a straight line, then down with the inverse square root of the step (Vaswani et al. 2017):
 * {@code peak min((t + 1) / warmup, sqrt(warmup / (t + 1)))}.
 *
 * @param peak the value after the warm-up
 * @param warmup its steps, 1 or more
 */
public record InverseSquareRoot(double peak, long warmup) implements Schedule {
    public InverseSquareRoot {
        Hyper.finite("inverse_square_root", "peak", peak);
        Hyper.count("inverse_square_root", "warmup", warmup, 1);
    }

    @Override
    public Tensor at(Tensor step) {
        Tensor done = step.add(1).div(warmup);
        return done.minimum(done.rsqrt()).mul(peak);
    }
}
