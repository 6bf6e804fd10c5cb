package io.adjoint.optim;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.optim.hyper.Hyper;
import io.adjoint.optim.stage.Averages;

/**
 * Momentum divided by a running estimate of the Hessian's diagonal and clipped (Liu, Li, Hall, Liang, Ma 2023):
 *
 * <pre>{@code
 * m = beta1 m + (1 - beta1) g
 * h = beta2 h + (1 - beta2) estimate      whenever Optimizer.learn brings one
 * p = p - learningRate (clip(m / max(gamma h, epsilon), -1, 1) + decay p)
 * }</pre>
 *
 * {@snippet :
 * if (optimizer.steps() % 10 == 0) {
 *     optimizer.learn(Curvature.hutchinson(() -> loss(batch), rng.stream(optimizer.steps()).key()));
 * }
 * optimizer.minimize(() -> loss(batch));
 * }
 *
 * The {@link io.adjoint.optim.train.Trainer} does this by itself. Without any estimate each step is as long as the rate, in the direction of the sign of m.
 *
 * @param learningRate per step
 * @param beta1 decay of the mean of gradients, 0.965 by default
 * @param beta2 decay of the curvature, 0.99 by default
 * @param gamma how much of the curvature divides: 0.01 by default, which fits Hutchinson's estimate; 0.05 for that of
 *     Gauss, Newton and Bartlett
 * @param epsilon keeps the divisor off zero, 1e-12 by default
 * @param decay of the parameters, 0.1 by default
 */
public record Sophia(Schedule learningRate, double beta1, double beta2, double gamma, double epsilon,
        WeightDecay decay) implements Recipe {
    public Sophia {
        Hyper.decay("sophia", "beta1", beta1);
        Hyper.decay("sophia", "beta2", beta2);
        Hyper.positive("sophia", "gamma", gamma);
        Hyper.positive("sophia", "epsilon", epsilon);
    }

    /**
     * At a constant rate.
     *
     * @throws io.adjoint.autodiff.ShapeException if the rate is negative or not finite
     */
    public static Sophia of(double learningRate) {
        return of(LearningRate.constant("sophia", learningRate));
    }

    /** With the paper's defaults. */
    public static Sophia of(Schedule learningRate) {
        return new Sophia(learningRate, 0.965, 0.99, 0.01, 1e-12, new WeightDecay(0.1));
    }

    /** The same with other decays of the averages. */
    public Sophia withBetas(double first, double second) {
        return new Sophia(learningRate, first, second, gamma, epsilon, decay);
    }

    /** The same with another gamma. */
    public Sophia withGamma(double value) {
        return new Sophia(learningRate, beta1, beta2, value, epsilon, decay);
    }

    /** The same with another decay of the parameters, which is decoupled here. */
    @Override
    public Sophia withWeightDecay(double rate) {
        return new Sophia(learningRate, beta1, beta2, gamma, epsilon, new WeightDecay(rate));
    }

    @Override
    public Chain chain() {
        PerParameter direction = spec -> new Moving(this, Averages.zeros(spec), Averages.zeros(spec));
        return Chain.of(direction, decay, new LearningRate(learningRate));
    }

    private record Moving(Sophia form, Variable mean, Variable curvature) implements PerParameter.Rule {
        @Override
        public Tensor apply(Tensor update, Tensor parameter, Tensor step) {
            Tensor divisor = curvature.value().mul(form.gamma).clampMin(form.epsilon);
            return Averages.move(mean, update, form.beta1).div(divisor).clamp(-1, 1);
        }

        @Override
        public boolean learnCurvature(Tensor diagonal) {
            Averages.move(curvature, diagonal, form.beta2);
            return true;
        }
    }
}
