package io.adjoint.optim.schedule;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.optim.Schedule;
import io.adjoint.optim.hyper.Hyper;

/**
 * Multiplied at each step by a factor: {@code r[0] = initial}, {@code r[t] = factor(t) r[t - 1]}, as
 * {@code MultiplicativeLR}. It remembers the product and the step that it belongs to, so it is to be asked for each step in
 * turn, as optimizers do; asking for a step again gives the same value.
 *
 * @param factor a function of the step
 * @param product the value of the last step, an F64 buffer
 * @param last number of the last step, an F64 buffer
 */
public record Multiplicative(Schedule factor, Variable product, Variable last) implements Schedule {
    /** From an initial value on. */
    public static Multiplicative of(double initial, Schedule factor) {
        Hyper.finite("multiplicative", "initial", initial);
        return new Multiplicative(factor, Variable.buffer(Tensor.scalar(initial, DType.F64)),
                Variable.buffer(Tensor.zeros(Shape.scalar(), DType.F64)));
    }

    @Override
    public Tensor at(Tensor step) {
        Tensor before = product.value();
        Tensor value = step.gt(last.value()).where(before.mul(factor.at(step)), before);
        product.set(value);
        last.set(step);
        return value;
    }
}
