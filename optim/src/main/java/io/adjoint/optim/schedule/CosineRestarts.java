package io.adjoint.optim.schedule;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.optim.Schedule;
import io.adjoint.optim.hyper.Hyper;

/**
 * Half waves down from one value to another, each a few times as long as the one before, as
 * {@code CosineAnnealingWarmRestarts} (Loshchilov, Hutter 2017).
 *
 * @param initial the value at the beginning of each wave
 * @param last the value that each goes down to
 * @param steps length of the first, 1 or more
 * @param factor by which each is longer than the one before, 1 or more
 */
public record CosineRestarts(double initial, double last, long steps, long factor) implements Schedule {
    public CosineRestarts {
        Hyper.finite("cosine_restarts", "initial", initial);
        Hyper.finite("cosine_restarts", "last", last);
        Hyper.count("cosine_restarts", "steps", steps, 1);
        Hyper.count("cosine_restarts", "factor", factor, 1);
    }

    @Override
    public Tensor at(Tensor step) {
        if (factor == 1) {
            return Anneal.COSINE.between(initial, last, step.remainder(steps).div(steps));
        }
        // the beginnings are added up, so that a rounded logarithm cannot miss one
        Tensor begin = Tensor.scalar(0, DType.F64);
        Tensor length = Tensor.scalar(steps, DType.F64);
        double next = 0;
        for (double wave = steps; next + wave < EXACT; wave *= factor) {
            next += wave;
            Tensor passed = step.ge(next);
            begin = passed.where(next, begin);
            length = passed.where(wave * factor, length);
        }
        return Anneal.COSINE.between(initial, last, step.sub(begin).div(length));
    }

    /** No training is longer. */
    private static final double EXACT = 1L << 40;
}
