package io.adjoint.optim.transform;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import io.adjoint.optim.PerParameter;
import io.adjoint.optim.hyper.Hyper;
import io.adjoint.optim.stage.Averages;

/**
 * Averages updates over the steps: {@code a = decay a + (1 - decay) u}, and {@code a / (1 - decay^t)} makes up for the zeros that
 * it begins with.
 *
 * @param decay 0 or more and below 1
 */
public record MovingAverage(double decay) implements PerParameter {
    public MovingAverage {
        Hyper.decay("moving_average", "decay", decay);
    }

    @Override
    public Rule rule(TensorSpec spec) {
        return new Moving(decay, Averages.zeros(spec));
    }

    private record Moving(double decay, Variable average) implements Rule {
        @Override
        public Tensor apply(Tensor update, Tensor parameter, Tensor step) {
            return Averages.over(Averages.move(average, update, decay), Averages.weight(decay, step));
        }
    }
}
