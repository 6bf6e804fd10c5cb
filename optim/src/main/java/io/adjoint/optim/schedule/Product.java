package io.adjoint.optim.schedule;

import io.adjoint.autodiff.Tensor;
import io.adjoint.optim.Schedule;
import io.adjoint.optim.hyper.Hyper;
import java.util.List;

/**
 * The product of schedules at each step, as {@code ChainedScheduler} makes of factors.
 *
 * @param schedules one or more
 */
public record Product(List<Schedule> schedules) implements Schedule {
    public Product {
        schedules = List.copyOf(schedules);
        Hyper.count("product", "schedules", schedules.size(), 1);
    }

    @Override
    public Tensor at(Tensor step) {
        return schedules.stream().map(schedule -> schedule.at(step)).reduce(Tensor::mul).orElseThrow();
    }
}
