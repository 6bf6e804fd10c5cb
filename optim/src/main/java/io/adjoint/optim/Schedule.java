package io.adjoint.optim;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;

/**
 * A number that changes as training goes on, most often the learning rate: a function of the step in tensor operations.
 * {@code step -> step.mul(-0.01).exp().mul(0.1)} decays exponentially from 0.1.
 */
@FunctionalInterface
public interface Schedule {
    /**
     * The value for a step.
     *
     * @param step number of steps completed before this one, an F64 scalar: 0 for the first
     * @return a float scalar
     */
    Tensor at(Tensor step);

    /** The same value at every step. */
    static Schedule constant(double value) {
        Tensor scalar = Tensor.scalar(value, DType.F64);
        return step -> scalar;
    }
}
