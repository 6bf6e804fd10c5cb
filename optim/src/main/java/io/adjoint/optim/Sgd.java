package io.adjoint.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Stochastic gradient descent with the formulas and defaults of {@code torch.optim.SGD}: for each parameter p and its
 * gradient g
 *
 * <pre>{@code
 * g = -g                if maximize
 * g = g + weightDecay p
 * g = momentum of g     see Momentum
 * p = p - learningRate g
 * }</pre>
 *
 * {@snippet :
 * Optimizer optimizer = Sgd.of(0.1).withMomentum(0.9).over(model);
 * Tensor loss = optimizer.minimize(() -> Losses.crossEntropy(model.forward(x), labels));
 * }
 *
 * @param learningRate per step
 * @param momentum the velocity; a momentum of 0 keeps no state
 * @param weightDecay the rate of {@link WeightDecay} as a penalty (L2)
 * @param maximize whether to go uphill
 */
public record Sgd(Schedule learningRate, Momentum momentum, WeightDecay weightDecay, boolean maximize)
        implements Recipe {
    public Sgd {
        Objects.requireNonNull(learningRate, "learningRate");
        Objects.requireNonNull(momentum, "momentum");
        Objects.requireNonNull(weightDecay, "weightDecay");
    }

    /**
     * Plain gradient descent at a constant rate.
     *
     * @throws io.adjoint.autodiff.ShapeException if the rate is negative or not finite
     */
    public static Sgd of(double learningRate) {
        return of(LearningRate.constant("sgd", learningRate));
    }

    /** Plain gradient descent. */
    public static Sgd of(Schedule learningRate) {
        return new Sgd(learningRate, Momentum.of(0), new WeightDecay(0), false);
    }

    /** The same with momentum in its plain form. */
    public Sgd withMomentum(double factor) {
        return withMomentum(Momentum.of(factor));
    }

    /** The same with momentum in any form. */
    public Sgd withMomentum(Momentum form) {
        return new Sgd(learningRate, form, weightDecay, maximize);
    }

    /** The same with Nesterov's form of momentum. */
    public Sgd withNesterov(double factor) {
        return withMomentum(new Momentum(factor, 0, true));
    }

    @Override
    public Sgd withWeightDecay(double rate) {
        return new Sgd(learningRate, momentum, new WeightDecay(rate), maximize);
    }

    @Override
    public Sgd maximizing() {
        return new Sgd(learningRate, momentum, weightDecay, true);
    }

    @Override
    public Chain chain() {
        // what would change nothing is left out, and needs no state then
        List<Transformation> chain = new ArrayList<>();
        if (maximize) {
            PerParameter uphill = spec -> (update, parameter, step) -> update.neg();
            chain.add(uphill);
        }
        if (weightDecay.rate() != 0) {
            chain.add(weightDecay);
        }
        if (!momentum.isNone()) {
            chain.add(momentum);
        }
        chain.add(new LearningRate(learningRate));
        return new Chain(chain);
    }
}
