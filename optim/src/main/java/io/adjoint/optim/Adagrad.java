package io.adjoint.optim;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.optim.hyper.Hyper;
import io.adjoint.optim.stage.Averages;

/**
 * Steps that become shorter where gradients were large (Duchi, Hazan, Singer 2011), with the formulas and defaults of
 * {@code torch.optim.Adagrad}:
 *
 * <pre>{@code
 * s = s + g^2
 * p = p - learningRate / (1 + t decay) g / (sqrt(s) + epsilon)
 * }</pre>
 *
 * for step t = 0, 1, ...
 *
 * @param learningRate per step
 * @param rateDecay decay of the rate, 0 by default
 * @param initial s before the first step, 0 by default
 * @param epsilon keeps the divisor off zero, 1e-10 by default
 */
public record Adagrad(Schedule learningRate, double rateDecay, double initial, double epsilon) implements Recipe {
    public Adagrad {

        Hyper.notNegative("adagrad", "rateDecay", rateDecay);
        Hyper.notNegative("adagrad", "initial", initial);
        Hyper.notNegative("adagrad", "epsilon", epsilon);
    }

    /**
     * At a constant rate.
     *
     * @throws io.adjoint.autodiff.ShapeException if the rate is negative or not finite
     */
    public static Adagrad of(double learningRate) {
        return of(LearningRate.constant("adagrad", learningRate));
    }

    /** With PyTorch's defaults. */
    public static Adagrad of(Schedule learningRate) {
        return new Adagrad(learningRate, 0, 0, 1e-10);
    }

    /** The same with another decay of the rate. */
    public Adagrad withRateDecay(double value) {
        return new Adagrad(learningRate, value, initial, epsilon);
    }

    /** The same with another sum of squares before the first step. */
    public Adagrad withInitial(double value) {
        return new Adagrad(learningRate, rateDecay, value, epsilon);
    }

    /** The same with another epsilon. */
    public Adagrad withEpsilon(double value) {
        return new Adagrad(learningRate, rateDecay, initial, value);
    }

    @Override
    public Chain chain() {
        PerParameter direction =
                spec -> new Moving(this, Variable.buffer(Tensor.full(spec.shape(), spec.dtype(), initial)));
        return Chain.of(direction, new LearningRate(learningRate));
    }

    private record Moving(Adagrad form, Variable squares) implements PerParameter.Rule {
        @Override
        public Tensor apply(Tensor update, Tensor parameter, Tensor step) {

            Tensor sum = squares.value().add(update.square());
            squares.set(sum);
            Tensor direction = update.div(sum.sqrt().add(form.epsilon));
            return form.rateDecay == 0 ? direction : Averages.over(direction, step.mul(form.rateDecay).add(1));
        }
    }
}
