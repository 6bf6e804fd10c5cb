package io.adjoint.optim;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.Module;
import io.adjoint.optim.hyper.Hyper;
import io.adjoint.optim.schedule.Product;
import io.adjoint.optim.schedule.Stairs;
import java.util.List;

/**
 * A number that changes as training goes on, most often the learning rate: a function of the step in tensor operations.
 * {@code step -> step.mul(-0.01).exp().mul(0.1)} decays exponentially from 0.1. Ready-made ones are in
 * {@code io.adjoint.optim.schedule}; they give the values of those in {@code torch.optim.lr_scheduler}.
 *
 * <p>A schedule that remembers something is a record whose components are buffer variables; they are saved with the optimizer
 * that uses it.
 */
@FunctionalInterface
public interface Schedule extends Module {
    /**
     * The value for a step.
     *
     * @param step number of steps completed before this one, an F64 scalar: 0 for the first
     * @return a float scalar
     */
    Tensor at(Tensor step);

    /**
     * The same value at every step.
     *
     * @throws io.adjoint.autodiff.ShapeException if it is not finite
     */
    static Schedule constant(double value) {
        return new Constant(value);
    }

    /** The product of this and another one at each step, as {@code ChainedScheduler} makes of factors. */
    default Schedule times(Schedule other) {
        return new Product(List.of(this, other));
    }

    /** This schedule with so many steps in the place of one, so that it is written in epochs. */
    default Schedule perEpoch(long steps) {
        return new Stairs(this, steps);
    }

    /**
     * The same value at every step.
     *
     * @param value finite
     */
    record Constant(double value) implements Schedule {
        public Constant {
            Hyper.finite("schedule", "value", value);
        }

        @Override
        public Tensor at(Tensor step) {
            return Tensor.scalar(value, DType.F64);
        }
    }
}
