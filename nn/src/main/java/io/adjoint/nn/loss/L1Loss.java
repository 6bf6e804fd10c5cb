package io.adjoint.nn.loss;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Losses;
import io.adjoint.autodiff.function.Reduction;
import java.util.Objects;

/**
 * The absolute error, {@code |prediction - target|}, as {@code torch.nn.L1Loss}: {@link Losses#meanAbsoluteError(Tensor,
 * Tensor, Reduction)}.
 *
 * <p>Shapes: prediction of any shape, target of the same shape; the result has it too, or is a scalar, by the reduction.
 *
 * @param reduction how the losses become one
 */
public record L1Loss(Reduction reduction) implements Loss {
    public L1Loss {
        Objects.requireNonNull(reduction, "reduction");
    }

    /** PyTorch's defaults: the mean. */
    public static L1Loss standard() {
        return new L1Loss(Reduction.MEAN);
    }

    /** The same, joined in another way. */
    public L1Loss withReduction(Reduction other) {
        return new L1Loss(other);
    }

    @Override
    public Tensor of(Tensor prediction, Tensor target) {
        return Losses.meanAbsoluteError(prediction, target, reduction);
    }
}
