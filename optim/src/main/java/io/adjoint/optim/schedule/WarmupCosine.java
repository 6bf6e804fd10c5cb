package io.adjoint.optim.schedule;

import io.adjoint.autodiff.Tensor;
import io.adjoint.optim.Schedule;
import io.adjoint.optim.hyper.Hyper;

/**
 * Up in a straight line, then down by half a wave, where it stays: the usual schedule of transformers.
 *
 * <pre>{@code
 * t < warmup:  peak (t + 1) / warmup
 * else:        last + (peak - last) (1 + cos(pi min((t - warmup) / (steps - warmup), 1))) / 2
 * }</pre>
 *
 * @param peak the value after the warm-up
 * @param last the value after all steps
 * @param warmup steps of the warm-up, 0 or more
 * @param steps of all, above those of the warm-up
 */
public record WarmupCosine(double peak, double last, long warmup, long steps) implements Schedule {
    public WarmupCosine {
        Hyper.finite("warmup_cosine", "peak", peak);
        Hyper.finite("warmup_cosine", "last", last);
        Hyper.count("warmup_cosine", "warmup", warmup, 0);
        Hyper.count("warmup_cosine", "steps", steps, warmup + 1);
    }

    @Override
    public Tensor at(Tensor step) {
        Tensor share = step.sub(warmup).div((double) steps - warmup).clamp(0, 1);
        Tensor down = Anneal.COSINE.between(peak, last, share);
        return warmup == 0 ? down : step.lt(warmup).where(step.add(1).mul(peak / warmup), down);
    }
}
