package io.adjoint.optim.stage;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;

/** Exponential averages, and their corrections for the zeros that they begin with. */
public final class Averages {
    private Averages() {}

    /** A buffer of zeros of a parameter's shape. */
    public static Variable zeros(TensorSpec parameter) {
        return Variable.buffer(Tensor.zeros(parameter.shape(), parameter.dtype()));
    }

    /** Moves {@code a = decay a + (1 - decay) x} and returns it. */
    public static Tensor move(Variable average, Tensor x, double decay) {
        Tensor next = average.value().mul(decay).add(x.mul(1 - decay));
        average.set(next);
        return next;
    }

    /** The same with a decay that is an F64 scalar. */
    public static Tensor move(Variable average, Tensor x, Tensor decay) {
        Tensor next = average.value().mul(decay.cast(x.dtype())).add(x.mul(decay.rsub(1).cast(x.dtype())));
        average.set(next);
        return next;
    }

    /** {@code 1 - decay^(step + 1)}, the sum of the weights after the step, an F64 scalar. */
    public static Tensor weight(double decay, Tensor step) {
        return step.add(1).rpow(decay).rsub(1);
    }

    /** The same with a decay that is an F64 scalar. */
    public static Tensor weight(Tensor decay, Tensor step) {
        return decay.pow(step.add(1)).rsub(1);
    }

    /** {@code x / divisor} for an F64 scalar. */
    public static Tensor over(Tensor x, Tensor divisor) {
        return x.div(divisor.cast(x.dtype()));
    }

    /** {@code x factor} for an F64 scalar. */
    public static Tensor times(Tensor x, Tensor factor) {
        return x.mul(factor.cast(x.dtype()));
    }
}
