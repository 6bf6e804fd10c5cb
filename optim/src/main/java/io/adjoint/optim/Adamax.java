package io.adjoint.optim;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.optim.hyper.Hyper;
import io.adjoint.optim.stage.Averages;

/**
 * {@link Adam} with a decaying maximum in the place of the mean of squares (Kingma, Ba 2015), with the formulas and defaults of
 * {@code torch.optim.Adamax}:
 *
 * <pre>{@code
 * m = beta1 m + (1 - beta1) g
 * u = max(beta2 u, |g| + epsilon)
 * p = p - learningRate m / ((1 - beta1^t) u)
 * }</pre>
 *
 * @param learningRate per step
 * @param beta1 decay of the mean of gradients, 0.9 by default
 * @param beta2 decay of the maximum, 0.999 by default
 * @param epsilon keeps the divisor off zero, 1e-8 by default
 */
public record Adamax(Schedule learningRate, double beta1, double beta2, double epsilon) implements Recipe {
    public Adamax {
        Hyper.decay("adamax", "beta1", beta1);
        Hyper.decay("adamax", "beta2", beta2);
        Hyper.notNegative("adamax", "epsilon", epsilon);
    }

    /**
     * At a constant rate.
     *
     * @throws io.adjoint.autodiff.ShapeException if the rate is negative or not finite
     */
    public static Adamax of(double learningRate) {
        return of(LearningRate.constant("adamax", learningRate));
    }

    /** With PyTorch's defaults; their rate is 0.002. */
    public static Adamax of(Schedule learningRate) {
        return new Adamax(learningRate, 0.9, 0.999, 1e-8);
    }

    /** The same with another epsilon. */
    public Adamax withEpsilon(double value) {
        return new Adamax(learningRate, beta1, beta2, value);
    }

    /** The same with other decays. */
    public Adamax withBetas(double first, double second) {
        return new Adamax(learningRate, first, second, epsilon);
    }

    @Override
    public Chain chain() {
        PerParameter direction = spec -> new Moving(this, Averages.zeros(spec), Averages.zeros(spec));
        return Chain.of(direction, new LearningRate(learningRate));
    }

    private record Moving(Adamax form, Variable mean, Variable greatest) implements PerParameter.Rule {
        @Override
        public Tensor apply(Tensor update, Tensor parameter, Tensor step) {

            Tensor size = greatest.value().mul(form.beta2).maximum(update.abs().add(form.epsilon));
            greatest.set(size);
            Tensor moved = Averages.move(mean, update, form.beta1);
            return Averages.over(moved, Averages.weight(form.beta1, step)).div(size);
        }
    }
}
