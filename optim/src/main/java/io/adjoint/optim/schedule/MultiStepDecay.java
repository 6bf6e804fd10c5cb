package io.adjoint.optim.schedule;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.optim.Schedule;
import io.adjoint.optim.hyper.Hyper;
import java.util.List;

/**
 * {@code initial gamma^k} after k of the milestones, as {@code MultiStepLR}.
 *
 * @param initial the value before the first milestone
 * @param milestones numbers of steps, in any order
 * @param gamma 0 or more
 */
public record MultiStepDecay(double initial, List<Long> milestones, double gamma) implements Schedule {
    public MultiStepDecay {
        Hyper.finite("multi_step_decay", "initial", initial);
        Hyper.notNegative("multi_step_decay", "gamma", gamma);
        milestones = List.copyOf(milestones);
    }

    @Override
    public Tensor at(Tensor step) {
        Tensor passed = Tensor.scalar(0, DType.F64);
        for (long milestone : milestones) {
            passed = passed.add(step.ge(milestone).cast(DType.F64));
        }
        return passed.rpow(gamma).mul(initial);
    }
}
