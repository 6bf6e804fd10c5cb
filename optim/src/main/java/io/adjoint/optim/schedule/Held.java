package io.adjoint.optim.schedule;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.optim.Schedule;
import io.adjoint.optim.hyper.Hyper;

/**
 * One value for some steps and then another, as {@code ConstantLR} with {@code first = rate / 3}.
 *
 * @param first the value of the first steps
 * @param then the value after them
 * @param steps how many have the first, 0 or more
 */
public record Held(double first, double then, long steps) implements Schedule {
    public Held {
        Hyper.finite("held", "first", first);
        Hyper.finite("held", "then", then);
        Hyper.count("held", "steps", steps, 0);
    }

    @Override
    public Tensor at(Tensor step) {
        return step.lt(steps).where(first, Tensor.scalar(then, DType.F64));
    }
}
