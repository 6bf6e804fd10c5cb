package io.adjoint.optim;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.optim.hyper.Hyper;
import io.adjoint.optim.stage.Averages;

/**
 * {@link Adam} whose mean of squares moves by no more than the square of the gradient (Zaheer, Reddi, Sachan, Kale, Kumar
 * 2018):
 *
 * <pre>{@code
 * m = beta1 m + (1 - beta1) g
 * v = v - (1 - beta2) sign(v - g^2) g^2
 * p = p - learningRate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
 * }</pre>
 *
 * @param learningRate per step
 * @param beta1 decay of the mean of gradients, 0.9 by default
 * @param beta2 how slowly v moves, 0.999 by default
 * @param epsilon keeps the divisor off zero, 1e-3 by default
 * @param initial v before the first step, 1e-6 by default
 */
public record Yogi(Schedule learningRate, double beta1, double beta2, double epsilon, double initial)
        implements Recipe {
    public Yogi {
        Hyper.decay("yogi", "beta1", beta1);
        Hyper.decay("yogi", "beta2", beta2);
        Hyper.notNegative("yogi", "epsilon", epsilon);
        Hyper.notNegative("yogi", "initial", initial);
    }

    /**
     * At a constant rate.
     *
     * @throws io.adjoint.autodiff.ShapeException if the rate is negative or not finite
     */
    public static Yogi of(double learningRate) {
        return of(LearningRate.constant("yogi", learningRate));
    }

    /** With the paper's defaults; their rate is 0.01. */
    public static Yogi of(Schedule learningRate) {
        return new Yogi(learningRate, 0.9, 0.999, 1e-3, 1e-6);
    }

    /** The same with another epsilon. */
    public Yogi withEpsilon(double value) {
        return new Yogi(learningRate, beta1, beta2, value, initial);
    }

    /** The same with another v before the first step. */
    public Yogi withInitial(double value) {
        return new Yogi(learningRate, beta1, beta2, epsilon, value);
    }

    /** The same with other decays. */
    public Yogi withBetas(double first, double second) {
        return new Yogi(learningRate, first, second, epsilon, initial);
    }

    @Override
    public Chain chain() {
        PerParameter direction = spec -> new Moving(this, Averages.zeros(spec),
                Variable.buffer(Tensor.full(spec.shape(), spec.dtype(), initial)));
        return Chain.of(direction, new LearningRate(learningRate));
    }

    private record Moving(Yogi form, Variable mean, Variable squares) implements PerParameter.Rule {
        @Override
        public Tensor apply(Tensor update, Tensor parameter, Tensor step) {

            Tensor moved = Averages.move(mean, update, form.beta1);
            Tensor before = squares.value();
            Tensor square = update.square();
            Tensor after = before.sub(before.sub(square).sign().mul(square).mul(1 - form.beta2));
            squares.set(after);
            return Averages.over(moved, Averages.weight(form.beta1, step))
                    .div(Averages.over(after, Averages.weight(form.beta2, step)).sqrt().add(form.epsilon));
        }
    }
}
