package io.adjoint.optim;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.optim.hyper.Hyper;
import io.adjoint.optim.stage.Averages;

/**
 * Gradient descent with a decaying rate and an average of the parameters (Polyak, Juditsky 1992), with the formulas and
 * defaults of {@code torch.optim.ASGD}:
 *
 * <pre>{@code
 * eta = learningRate / (1 + lambda learningRate t)^alpha
 * p = (1 - lambda eta) p - eta g
 * a = a + (p - a) / max(1, t - start)
 * }</pre>
 *
 * for step t = 0, 1, ... The average a is what {@link Optimizer#averages} gives. Until it is a mean of several steps,
 * that is the parameter itself, with what a projection later in the chain made of it; the mean is of p as above, before a projection.
 *
 * @param learningRate of the first step, 0.01 by default
 * @param lambda decay, 1e-4 by default
 * @param alpha power of the rate's decay, 0.75 by default
 * @param start the step from which on the average is taken, 1e6 by default
 */
public record Asgd(double learningRate, double lambda, double alpha, double start) implements Recipe {
    public Asgd {
        Hyper.notNegative("asgd", "rate", learningRate);
        Hyper.notNegative("asgd", "lambda", lambda);
        Hyper.notNegative("asgd", "alpha", alpha);
        Hyper.notNegative("asgd", "start", start);
    }

    /** With PyTorch's defaults. */
    public static Asgd of(double learningRate) {
        return new Asgd(learningRate, 1e-4, 0.75, 1e6);
    }

    /** The same with the average taken from this step on. */
    public Asgd withStart(double step) {
        return new Asgd(learningRate, lambda, alpha, step);
    }

    /** The same with other decays. */
    public Asgd withDecay(double decay, double power) {
        return new Asgd(learningRate, decay, power, start);
    }

    @Override
    public Chain chain() {
        PerParameter steps = spec -> new Moving(this, Averages.zeros(spec));
        return Chain.of(steps);
    }

    private record Moving(Asgd form, Variable average) implements PerParameter.Rule {
        @Override
        public Tensor apply(Tensor update, Tensor parameter, Tensor step) {
            Tensor eta = step.mul(form.lambda * form.learningRate).add(1).pow(-form.alpha).mul(form.learningRate);
            Tensor change = Averages.times(update.add(parameter.mul(form.lambda)), eta).neg();
            Tensor moved = parameter.add(change);
            Tensor share = step.sub(form.start).maximum(1).reciprocal();
            Tensor before = average.value();
            average.set(share.eq(1).where(moved, before.add(Averages.times(moved.sub(before), share))));
            return change;
        }

        @Override
        public Tensor average(Tensor parameter, Tensor step) {
            // the last step is the one before; until its share is below 1 there is no mean
            return step.sub(1).sub(form.start).le(1).where(parameter, average.value());
        }
    }
}
