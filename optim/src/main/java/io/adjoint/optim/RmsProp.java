package io.adjoint.optim;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.optim.hyper.Hyper;
import io.adjoint.optim.stage.Averages;

/**
 * Divides gradients by their root mean square (Hinton 2012), with the formulas and defaults of {@code torch.optim.RMSprop}:
 *
 * <pre>{@code
 * s = alpha s + (1 - alpha) g^2
 * a = alpha a + (1 - alpha) g           only if centred, else 0
 * b = momentum b + g / (sqrt(s - a^2) + epsilon)
 * p = p - learningRate b
 * }</pre>
 *
 * @param learningRate per step, 0.01 by default
 * @param alpha decay of the means, 0.99 by default
 * @param epsilon keeps the divisor off zero, 1e-8 by default
 * @param spread whether the mean of gradients is taken off
 * @param momentum none by default
 */
public record RmsProp(Schedule learningRate, double alpha, double epsilon, Spread spread, Momentum momentum)
        implements Recipe {
    /** What gradients are divided by. */
    public enum Spread {
        /** Their root mean square. */
        AROUND_ZERO,
        /** Their standard deviation (Graves 2013). */
        AROUND_MEAN
    }

    public RmsProp {
        Hyper.decay("rmsprop", "alpha", alpha);
        Hyper.notNegative("rmsprop", "epsilon", epsilon);
    }

    /**
     * At a constant rate.
     *
     * @throws io.adjoint.autodiff.ShapeException if the rate is negative or not finite
     */
    public static RmsProp of(double learningRate) {
        return of(LearningRate.constant("rmsprop", learningRate));
    }

    /** With PyTorch's defaults. */
    public static RmsProp of(Schedule learningRate) {
        return new RmsProp(learningRate, 0.99, 1e-8, Spread.AROUND_ZERO, Momentum.of(0));
    }

    /** The same with another decay of the means. */
    public RmsProp withAlpha(double value) {
        return new RmsProp(learningRate, value, epsilon, spread, momentum);
    }

    /** The same with another epsilon. */
    public RmsProp withEpsilon(double value) {
        return new RmsProp(learningRate, alpha, value, spread, momentum);
    }

    /** The same, divided by the standard deviation. */
    public RmsProp centred() {
        return new RmsProp(learningRate, alpha, epsilon, Spread.AROUND_MEAN, momentum);
    }

    /** The same with momentum of what was divided. */
    public RmsProp withMomentum(double factor) {
        return withMomentum(Momentum.of(factor));
    }

    /** The same with momentum in any form. */
    public RmsProp withMomentum(Momentum form) {
        return new RmsProp(learningRate, alpha, epsilon, spread, form);
    }

    @Override
    public Chain chain() {
        PerParameter direction = spec -> switch (spread) {
            case AROUND_ZERO -> new AroundZero(this, Averages.zeros(spec));
            case AROUND_MEAN -> new AroundMean(this, Averages.zeros(spec), Averages.zeros(spec));
        };
        LearningRate length = new LearningRate(learningRate);
        return momentum.isNone() ? Chain.of(direction, length) : Chain.of(direction, momentum, length);
    }

    private record AroundZero(RmsProp form, Variable squares) implements PerParameter.Rule {
        @Override
        public Tensor apply(Tensor update, Tensor parameter, Tensor step) {
            return update.div(Averages.move(squares, update.square(), form.alpha).sqrt().add(form.epsilon));
        }
    }

    private record AroundMean(RmsProp form, Variable squares, Variable mean) implements PerParameter.Rule {
        @Override
        public Tensor apply(Tensor update, Tensor parameter, Tensor step) {
            Tensor centre = Averages.move(mean, update, form.alpha);
            Tensor variance = Averages.move(squares, update.square(), form.alpha).sub(centre.square());
            // a gradient that never changes leaves a variance of rounding errors, on either side of zero
            return update.div(variance.clampMin(0).sqrt().add(form.epsilon));
        }
    }
}
