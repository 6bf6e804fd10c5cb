package io.adjoint.optim.schedule;

import io.adjoint.autodiff.Tensor;
import io.adjoint.optim.Schedule;
import io.adjoint.optim.hyper.Hyper;

/**
 * A schedule on stairs: it sees the number of completed epochs, {@code floor(step / steps)}.
 *
 * @param schedule a function of the epoch
 * @param steps of an epoch, 1 or more
 */
public record Stairs(Schedule schedule, long steps) implements Schedule {
    public Stairs {
        Hyper.count("stairs", "steps", steps, 1);
    }

    @Override
    public Tensor at(Tensor step) {
        return schedule.at(step.floorDivide(steps));
    }
}
