package io.adjoint.optim.transform;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.optim.PerParameter;
import io.adjoint.optim.Schedule;

/**
 * Multiplies updates: {@code u -> factor u}. {@code LearningRate} is the same with the other sign.
 *
 * @param factor a function of the step
 */
public record Scale(Schedule factor) implements PerParameter {
    /** By a constant. */
    public static Scale of(double factor) {
        return new Scale(Schedule.constant(factor));
    }

    @Override
    public Rule rule(TensorSpec spec) {
        return new Scaling(factor);
    }

    private record Scaling(Schedule factor) implements Rule {
        @Override
        public Tensor apply(Tensor update, Tensor parameter, Tensor step) {
            return update.mul(factor.at(step).cast(update.dtype()));
        }
    }
}
