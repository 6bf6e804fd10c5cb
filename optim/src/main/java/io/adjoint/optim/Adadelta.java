package io.adjoint.optim;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.optim.hyper.Hyper;
import io.adjoint.optim.stage.Averages;

/**
 * Steps as long as earlier ones were, in units of the parameter (Zeiler 2012), with the formulas and defaults of
 * {@code torch.optim.Adadelta}:
 *
 * <pre>{@code
 * s = rho s + (1 - rho) g^2
 * d = sqrt(a + epsilon) / sqrt(s + epsilon) g
 * a = rho a + (1 - rho) d^2
 * p = p - learningRate d
 * }</pre>
 *
 * @param learningRate per step
 * @param rho decay of the means of squares, 0.9 by default
 * @param epsilon begins the motion, 1e-6 by default
 */
public record Adadelta(Schedule learningRate, double rho, double epsilon) implements Recipe {
    public Adadelta {

        Hyper.decay("adadelta", "rho", rho);
        Hyper.notNegative("adadelta", "epsilon", epsilon);
    }

    /**
     * At a constant rate.
     *
     * @throws io.adjoint.autodiff.ShapeException if the rate is negative or not finite
     */
    public static Adadelta of(double learningRate) {
        return of(LearningRate.constant("adadelta", learningRate));
    }

    /** With PyTorch's defaults; their rate is 1. */
    public static Adadelta of(Schedule learningRate) {
        return new Adadelta(learningRate, 0.9, 1e-6);
    }

    /** The same with another decay. */
    public Adadelta withRho(double value) {
        return new Adadelta(learningRate, value, epsilon);
    }

    /** The same with another epsilon. */
    public Adadelta withEpsilon(double value) {
        return new Adadelta(learningRate, rho, value);
    }

    @Override
    public Chain chain() {
        PerParameter direction = spec -> new Moving(this, Averages.zeros(spec), Averages.zeros(spec));
        return Chain.of(direction, new LearningRate(learningRate));
    }

    private record Moving(Adadelta form, Variable squares, Variable steps) implements PerParameter.Rule {
        @Override
        public Tensor apply(Tensor update, Tensor parameter, Tensor step) {

            Tensor moved = Averages.move(squares, update.square(), form.rho);
            Tensor direction = steps.value().add(form.epsilon).sqrt().div(moved.add(form.epsilon).sqrt()).mul(update);
            Averages.move(steps, direction.square(), form.rho);
            return direction;
        }
    }
}
