package io.adjoint.optim.schedule;

import io.adjoint.autodiff.Tensor;
import io.adjoint.optim.Schedule;
import io.adjoint.optim.hyper.Hyper;

/**
 * Half a wave from one value to another: {@code last + (initial - last) (1 + cos(pi step / steps)) / 2}, as
 * {@code CosineAnnealingLR} (Loshchilov, Hutter 2017). Like there, it goes up again after the steps.
 *
 * @param initial the value of the first step
 * @param last the value after the steps
 * @param steps 1 or more
 */
public record CosineDecay(double initial, double last, long steps) implements Schedule {
    public CosineDecay {
        Hyper.finite("cosine_decay", "initial", initial);
        Hyper.finite("cosine_decay", "last", last);
        Hyper.count("cosine_decay", "steps", steps, 1);
    }

    /** Down to zero. */
    public static CosineDecay of(double initial, long steps) {
        return new CosineDecay(initial, 0, steps);
    }

    @Override
    public Tensor at(Tensor step) {
        return Anneal.COSINE.between(initial, last, step.div(steps));
    }
}
