package io.adjoint.optim;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.optim.hyper.Hyper;
import io.adjoint.optim.stage.Averages;

/**
 * Steps of equal length in every element: the sign of a momentum (Chen et al. 2023), with decoupled decay:
 *
 * <pre>{@code
 * u = sign(beta1 m + (1 - beta1) g)
 * m = beta2 m + (1 - beta2) g
 * p = p - learningRate (u + decay p)
 * }</pre>
 *
 * @param learningRate per step; about a tenth of Adam's, 1e-4 in the paper
 * @param beta1 what the direction keeps of the momentum, 0.9 by default
 * @param beta2 decay of the momentum, 0.99 by default
 * @param decay of the parameters, 0 by default
 */
public record Lion(Schedule learningRate, double beta1, double beta2, WeightDecay decay) implements Recipe {
    public Lion {
        Hyper.decay("lion", "beta1", beta1);
        Hyper.decay("lion", "beta2", beta2);
    }

    /**
     * At a constant rate.
     *
     * @throws io.adjoint.autodiff.ShapeException if the rate is negative or not finite
     */
    public static Lion of(double learningRate) {
        return of(LearningRate.constant("lion", learningRate));
    }

    /** With the paper's defaults. */
    public static Lion of(Schedule learningRate) {
        return new Lion(learningRate, 0.9, 0.99, new WeightDecay(0));
    }

    /** The same with other decays of the momentum. */
    public Lion withBetas(double first, double second) {
        return new Lion(learningRate, first, second, decay);
    }

    /** The same with another decay of the parameters, which is decoupled here. */
    @Override
    public Lion withWeightDecay(double rate) {
        return new Lion(learningRate, beta1, beta2, new WeightDecay(rate));
    }

    @Override
    public Chain chain() {
        PerParameter direction = spec -> new Moving(this, Averages.zeros(spec));
        return Chain.of(direction, decay, new LearningRate(learningRate));
    }

    private record Moving(Lion form, Variable velocity) implements PerParameter.Rule {
        @Override
        public Tensor apply(Tensor update, Tensor parameter, Tensor step) {
            Tensor before = velocity.value();
            Averages.move(velocity, update, form.beta2);
            return before.mul(form.beta1).add(update.mul(1 - form.beta1)).sign();
        }
    }
}
