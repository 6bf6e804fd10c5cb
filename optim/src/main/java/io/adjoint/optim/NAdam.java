package io.adjoint.optim;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.optim.hyper.Hyper;
import io.adjoint.optim.stage.Averages;

/**
 * {@link Adam} with Nesterov's look ahead (Dozat 2016), with the formulas and defaults of {@code torch.optim.NAdam}:
 *
 * <pre>{@code
 * mu[t] = beta1 (1 - 0.96^(t momentumDecay) / 2)
 * m = beta1 m + (1 - beta1) g
 * v = beta2 v + (1 - beta2) g^2
 * n = mu[t + 1] m / (1 - mu[1] ... mu[t + 1]) + (1 - mu[t]) g / (1 - mu[1] ... mu[t])
 * p = p - learningRate n / (sqrt(v / (1 - beta2^t)) + epsilon)
 * }</pre>
 *
 * for step t = 1, 2, ...
 *
 * @param learningRate per step
 * @param beta1 decay of the mean of gradients, 0.9 by default
 * @param beta2 decay of the mean of squares, 0.999 by default
 * @param epsilon keeps the divisor off zero, 1e-8 by default
 * @param momentumDecay how fast the momentum grows, 0.004 by default
 * @param products which momenta the second divisor has
 */
public record NAdam(Schedule learningRate, double beta1, double beta2, double epsilon, double momentumDecay,
        Products products) implements Recipe {
    /** Which momenta the second divisor has. */
    public enum Products {
        /** {@code mu[1] ... mu[t + 1]}, as in the formulas. */
        NEXT,
        /** {@code mu[t]} twice, as PyTorch up to 1.13 had it: to go on with a training that began there. */
        NEXT_TWICE
    }

    public NAdam {
        Hyper.decay("nadam", "beta1", beta1);
        Hyper.decay("nadam", "beta2", beta2);
        Hyper.notNegative("nadam", "epsilon", epsilon);
        Hyper.notNegative("nadam", "momentumDecay", momentumDecay);
    }

    /**
     * At a constant rate.
     *
     * @throws io.adjoint.autodiff.ShapeException if the rate is negative or not finite
     */
    public static NAdam of(double learningRate) {
        return of(LearningRate.constant("nadam", learningRate));
    }

    /** With PyTorch's defaults; their rate is 0.002. */
    public static NAdam of(Schedule learningRate) {
        return new NAdam(learningRate, 0.9, 0.999, 1e-8, 0.004, Products.NEXT);
    }

    /** The same with another epsilon. */
    public NAdam withEpsilon(double value) {
        return new NAdam(learningRate, beta1, beta2, value, momentumDecay, products);
    }

    /** The same with another growth of the momentum. */
    public NAdam withMomentumDecay(double value) {
        return new NAdam(learningRate, beta1, beta2, epsilon, value, products);
    }

    /** The same with other decays. */
    public NAdam withBetas(double first, double second) {
        return new NAdam(learningRate, first, second, epsilon, momentumDecay, products);
    }

    /** The same with other momenta in the second divisor. */
    public NAdam withProducts(Products which) {
        return new NAdam(learningRate, beta1, beta2, epsilon, momentumDecay, which);
    }

    private Tensor momentum(Tensor step) {
        return step.mul(momentumDecay).rpow(0.96).mul(-0.5).add(1).mul(beta1);
    }

    @Override
    public Chain chain() {
        PerParameter direction = spec -> new Moving(this, Averages.zeros(spec), Averages.zeros(spec),
                Variable.buffer(Tensor.scalar(1, DType.F64)));
        return Chain.of(direction, new LearningRate(learningRate));
    }

    private record Moving(NAdam form, Variable mean, Variable squares, Variable product) implements PerParameter.Rule {
        @Override
        public Tensor apply(Tensor update, Tensor parameter, Tensor step) {

            Tensor moved = Averages.move(mean, update, form.beta1);
            Tensor squared = Averages.move(squares, update.square(), form.beta2);
            Tensor now = form.momentum(step.add(1));
            Tensor next = form.momentum(step.add(2));
            Tensor through = product.value().mul(now);
            Tensor throughNext = through.mul(form.products == Products.NEXT ? next : now.mul(next));
            product.set(through);
            Tensor ahead = Averages.times(update, now.rsub(1).div(through.rsub(1)))
                    .add(Averages.times(moved, next.div(throughNext.rsub(1))));
            return ahead.div(Averages.over(squared, Averages.weight(form.beta2, step)).sqrt().add(form.epsilon));
        }
    }
}
