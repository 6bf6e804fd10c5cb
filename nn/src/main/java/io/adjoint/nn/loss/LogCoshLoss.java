package io.adjoint.nn.loss;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Losses;
import io.adjoint.autodiff.function.Reduction;
import java.util.Objects;

/**
 * {@code ln cosh} of the error, a smooth absolute error: {@link Losses#logCosh(Tensor, Tensor, Reduction)}.
 *
 * <p>Shapes: prediction of any shape, target of the same shape; the result has it too, or is a scalar, by the reduction.
 *
 * @param reduction how the losses become one
 */
public record LogCoshLoss(Reduction reduction) implements Loss {
    public LogCoshLoss {
        Objects.requireNonNull(reduction, "reduction");
    }

    /** The mean. */
    public static LogCoshLoss standard() {
        return new LogCoshLoss(Reduction.MEAN);
    }

    /** The same, joined in another way. */
    public LogCoshLoss withReduction(Reduction other) {
        return new LogCoshLoss(other);
    }

    @Override
    public Tensor of(Tensor prediction, Tensor target) {
        return Losses.logCosh(prediction, target, reduction);
    }
}
