package io.adjoint.nn.loss;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.BinaryLosses;
import io.adjoint.autodiff.function.Reduction;
import java.util.Objects;

/**
 * {@code ln (1 + e^(-t x))} for targets of 1 and -1, as {@code torch.nn.SoftMarginLoss}: {@link
 * BinaryLosses#softMargin(Tensor, Tensor, Reduction)}.
 *
 * <p>Shapes: prediction of any shape, target of the same shape; the result has it too, or is a scalar, by the reduction.
 *
 * @param reduction how the losses become one
 */
public record SoftMarginLoss(Reduction reduction) implements Loss {
    public SoftMarginLoss {
        Objects.requireNonNull(reduction, "reduction");
    }

    /** PyTorch's default, the mean. */
    public static SoftMarginLoss standard() {
        return new SoftMarginLoss(Reduction.MEAN);
    }

    /** The same, joined in another way. */
    public SoftMarginLoss withReduction(Reduction other) {
        return new SoftMarginLoss(other);
    }

    @Override
    public Tensor of(Tensor prediction, Tensor target) {
        return BinaryLosses.softMargin(prediction, target, reduction);
    }
}
