package io.adjoint.optim;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.optim.hyper.Hyper;
import io.adjoint.optim.stage.Averages;

/**
 * {@link Adam} that divides by how far gradients are from their mean (Zhuang et al. 2020):
 *
 * <pre>{@code
 * m = beta1 m + (1 - beta1) g
 * s = beta2 s + (1 - beta2) (g - m)^2 + epsilon
 * p = p - learningRate (m / (1 - beta1^t)) / (sqrt(s / (1 - beta2^t)) + epsilon)
 * }</pre>
 *
 * @param learningRate per step
 * @param beta1 decay of the mean of gradients, 0.9 by default
 * @param beta2 decay of the mean of squares, 0.999 by default
 * @param epsilon keeps the divisor off zero, 1e-16 by default
 */
public record AdaBelief(Schedule learningRate, double beta1, double beta2, double epsilon) implements Recipe {
    public AdaBelief {
        Hyper.decay("adabelief", "beta1", beta1);
        Hyper.decay("adabelief", "beta2", beta2);
        Hyper.notNegative("adabelief", "epsilon", epsilon);
    }

    /**
     * At a constant rate.
     *
     * @throws io.adjoint.autodiff.ShapeException if the rate is negative or not finite
     */
    public static AdaBelief of(double learningRate) {
        return of(LearningRate.constant("adabelief", learningRate));
    }

    /** With the paper's defaults; their rate is 0.001. */
    public static AdaBelief of(Schedule learningRate) {
        return new AdaBelief(learningRate, 0.9, 0.999, 1e-16);
    }

    /** The same with another epsilon. */
    public AdaBelief withEpsilon(double value) {
        return new AdaBelief(learningRate, beta1, beta2, value);
    }

    /** The same with other decays. */
    public AdaBelief withBetas(double first, double second) {
        return new AdaBelief(learningRate, first, second, epsilon);
    }

    @Override
    public Chain chain() {
        PerParameter direction = spec -> new Moving(this, Averages.zeros(spec), Averages.zeros(spec));
        return Chain.of(direction, new LearningRate(learningRate));
    }

    private record Moving(AdaBelief form, Variable mean, Variable squares) implements PerParameter.Rule {
        @Override
        public Tensor apply(Tensor update, Tensor parameter, Tensor step) {

            Tensor moved = Averages.move(mean, update, form.beta1);
            Tensor spread = squares.value().mul(form.beta2)
                    .add(update.sub(moved).square().mul(1 - form.beta2)).add(form.epsilon);
            squares.set(spread);
            return Averages.over(moved, Averages.weight(form.beta1, step))
                    .div(Averages.over(spread, Averages.weight(form.beta2, step)).sqrt().add(form.epsilon));
        }
    }
}
