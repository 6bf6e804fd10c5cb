package io.adjoint.optim.schedule;

import io.adjoint.autodiff.Tensor;
import io.adjoint.optim.Schedule;
import io.adjoint.optim.hyper.Hyper;
import java.util.ArrayList;
import java.util.List;

/**
 * Schedules one after the other, as {@code SequentialLR}; each counts its steps from where it begins.
 *
 * @param schedules one or more
 * @param milestones the step at which each but the first begins, ascending
 */
public record Sequence(List<Schedule> schedules, List<Long> milestones) implements Schedule {
    public Sequence {
        schedules = List.copyOf(schedules);
        milestones = List.copyOf(milestones);
        List<Long> sorted = new ArrayList<>(milestones);
        sorted.sort(null);
        if (milestones.size() != schedules.size() - 1 || !sorted.equals(milestones)) {
            throw Hyper.refusal("sequence", "milestones", milestones,
                    "ascending ones, one less than the " + schedules.size() + " schedules");
        }
    }

    @Override
    public Tensor at(Tensor step) {
        Tensor value = schedules.getFirst().at(step);
        for (int i = 0; i < milestones.size(); i++) {
            double begin = milestones.get(i);
            value = step.ge(begin).where(schedules.get(i + 1).at(step.sub(begin).maximum(0)), value);
        }
        return value;
    }
}
