package io.adjoint.optim;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.optim.hyper.Hyper;
import io.adjoint.optim.stage.Averages;

/**
 * Steps of about equal length in every element, by averages of the gradient and of its square (Kingma, Ba 2015), with the
 * formulas and defaults of {@code torch.optim.Adam}:
 *
 * <pre>{@code
 * m = beta1 m + (1 - beta1) g
 * v = beta2 v + (1 - beta2) g^2
 * p = p - learningRate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
 * }</pre>
 *
 * for step t = 1, 2, ... AMSGrad (Reddi, Kale, Kumar 2018) puts the greatest v so far in the place of v.
 *
 * @param learningRate per step, 0.001 by default
 * @param beta1 decay of the mean of gradients, 0.9 by default; a schedule may cycle it
 * @param beta2 decay of the mean of squares, 0.999 by default
 * @param epsilon keeps the divisor off zero, 1e-8 by default
 * @param square which mean of squares divides
 */
public record Adam(Schedule learningRate, Schedule beta1, double beta2, double epsilon, Square square)
        implements Recipe {
    /** Which mean of squares divides. */
    public enum Square {
        /** That of the last step. */
        LAST,
        /** The greatest so far, so that steps never grow: AMSGrad. */
        GREATEST
    }

    public Adam {
        if (beta1 instanceof Schedule.Constant(double decay)) {
            Hyper.decay("adam", "beta1", decay);
        }
        Hyper.decay("adam", "beta2", beta2);
        Hyper.notNegative("adam", "epsilon", epsilon);
    }

    /**
     * At a constant rate.
     *
     * @throws io.adjoint.autodiff.ShapeException if the rate is negative or not finite
     */
    public static Adam of(double learningRate) {
        return of(LearningRate.constant("adam", learningRate));
    }

    /** With PyTorch's defaults. */
    public static Adam of(Schedule learningRate) {
        return new Adam(learningRate, Schedule.constant(0.9), 0.999, 1e-8, Square.LAST);
    }

    /** The same with other decays. */
    public Adam withBetas(double first, double second) {
        return withBetas(Schedule.constant(first), second);
    }

    /** The same with other decays, of which the first changes. */
    public Adam withBetas(Schedule first, double second) {
        return new Adam(learningRate, first, second, epsilon, square);
    }

    /** The same with another epsilon. */
    public Adam withEpsilon(double value) {
        return new Adam(learningRate, beta1, beta2, value, square);
    }

    /** The same as AMSGrad. */
    public Adam withAmsgrad() {
        return new Adam(learningRate, beta1, beta2, epsilon, Square.GREATEST);
    }

    /** The direction of a step without its length; see the formulas. */
    PerParameter direction() {
        return spec -> switch (square) {
            case LAST -> new Last(beta1, this, Averages.zeros(spec), Averages.zeros(spec));
            case GREATEST -> new Greatest(beta1, this, Averages.zeros(spec), Averages.zeros(spec),
                    Averages.zeros(spec));
        };
    }

    @Override
    public Chain chain() {
        return Chain.of(direction(), new LearningRate(learningRate));
    }

    private Tensor quotient(Variable mean, Tensor squares, Tensor update, Tensor decay, Tensor step) {
        Tensor moved = Averages.over(Averages.move(mean, update, decay), Averages.weight(decay, step));
        return moved.div(Averages.over(squares, Averages.weight(beta2, step)).sqrt().add(epsilon));
    }

    private record Last(Schedule beta1, Adam form, Variable mean, Variable squares) implements PerParameter.Rule {
        @Override
        public Tensor apply(Tensor update, Tensor parameter, Tensor step) {
            Tensor moved = Averages.move(squares, update.square(), form.beta2);
            return form.quotient(mean, moved, update, beta1.at(step), step);
        }
    }

    private record Greatest(Schedule beta1, Adam form, Variable mean, Variable squares, Variable greatest)
            implements PerParameter.Rule {
        @Override
        public Tensor apply(Tensor update, Tensor parameter, Tensor step) {
            Tensor moved = greatest.value().maximum(Averages.move(squares, update.square(), form.beta2));
            greatest.set(moved);
            return form.quotient(mean, moved, update, beta1.at(step), step);
        }
    }
}
