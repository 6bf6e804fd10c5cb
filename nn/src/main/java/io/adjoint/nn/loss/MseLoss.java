package io.adjoint.nn.loss;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Losses;
import io.adjoint.autodiff.function.Reduction;
import java.util.Objects;

/**
 * The squared error, {@code (prediction - target)^2}, as {@code torch.nn.MSELoss}: {@link Losses#meanSquaredError(Tensor,
 * Tensor, Reduction)}.
 *
 * <p>Shapes: prediction of any shape, target of the same shape; the result has it too, or is a scalar, by the reduction.
 *
 * @param reduction how the losses become one
 */
public record MseLoss(Reduction reduction) implements Loss {
    public MseLoss {
        Objects.requireNonNull(reduction, "reduction");
    }

    /** PyTorch's defaults: the mean. */
    public static MseLoss standard() {
        return new MseLoss(Reduction.MEAN);
    }

    /** The same, joined in another way. */
    public MseLoss withReduction(Reduction other) {
        return new MseLoss(other);
    }

    @Override
    public Tensor of(Tensor prediction, Tensor target) {
        return Losses.meanSquaredError(prediction, target, reduction);
    }
}
