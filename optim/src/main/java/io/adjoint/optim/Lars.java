package io.adjoint.optim;

import io.adjoint.autodiff.Tensor;
import io.adjoint.optim.hyper.Hyper;

/**
 * Momentum with a rate of its own for each parameter, proportional to its length, for very large batches (You, Gitman,
 * Ginsburg 2017):
 *
 * <pre>{@code
 * local = trust |p| / (|g| + decay |p|)      1 where either length is 0
 * v = momentum v + learningRate local (g + decay p)
 * p = p - v
 * }</pre>
 *
 * @param learningRate per step
 * @param momentum 0.9 by default
 * @param decay 0 by default
 * @param trust 0.001 by default
 */
public record Lars(Schedule learningRate, Momentum momentum, WeightDecay decay, double trust) implements Recipe {
    public Lars {
        Hyper.positive("lars", "trust", trust);
    }

    /**
     * At a constant rate.
     *
     * @throws io.adjoint.autodiff.ShapeException if the rate is negative or not finite
     */
    public static Lars of(double learningRate) {
        return of(LearningRate.constant("lars", learningRate));
    }

    /** With the paper's defaults. */
    public static Lars of(Schedule learningRate) {
        return new Lars(learningRate, Momentum.of(0.9), new WeightDecay(0), 0.001);
    }

    /** The same with another momentum. */
    public Lars withMomentum(double factor) {
        return new Lars(learningRate, Momentum.of(factor), decay, trust);
    }

    /** The same with another trust. */
    public Lars withTrust(double share) {
        return new Lars(learningRate, momentum, decay, share);
    }

    /** The same with another decay, which takes part in the local rate. */
    @Override
    public Lars withWeightDecay(double rate) {
        return new Lars(learningRate, momentum, new WeightDecay(rate), trust);
    }

    @Override
    public Chain chain() {
        PerParameter local = spec -> (update, parameter, step) -> {
            Tensor own = parameter.norm();
            Tensor slope = update.norm();
            Tensor any = own.gt(0).and(slope.gt(0));
            Tensor ratio = own.mul(trust).div(any.where(slope.add(own.mul(decay.rate())), 1));
            return update.add(parameter.mul(decay.rate())).mul(any.where(ratio, 1));
        };
        // the rate stands in front of the momentum, so that a change of it does not change earlier steps
        return Chain.of(local, new LearningRate(learningRate), momentum);
    }
}
