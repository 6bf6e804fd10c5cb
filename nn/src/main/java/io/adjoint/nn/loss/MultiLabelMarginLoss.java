package io.adjoint.nn.loss;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.MarginLosses;
import io.adjoint.autodiff.function.Reduction;
import java.util.Objects;

/**
 * A margin of 1 between each right class and each wrong one, as {@code torch.nn.MultiLabelMarginLoss}: {@link
 * MarginLosses#multiLabel(Tensor, Tensor, Reduction)}.
 *
 * <p>Shapes: prediction {@code [n, classes]} or {@code [classes]}; target I64 or I32 of the same shape, the labels of an
 * example, then -1; result {@code [n]} or a scalar.
 *
 * @param reduction how the losses become one
 */
public record MultiLabelMarginLoss(Reduction reduction) implements Loss {
    public MultiLabelMarginLoss {
        Objects.requireNonNull(reduction, "reduction");
    }

    /** PyTorch's default, the mean. */
    public static MultiLabelMarginLoss standard() {
        return new MultiLabelMarginLoss(Reduction.MEAN);
    }

    /** The same, joined in another way. */
    public MultiLabelMarginLoss withReduction(Reduction other) {
        return new MultiLabelMarginLoss(other);
    }

    @Override
    public Tensor of(Tensor prediction, Tensor target) {
        return MarginLosses.multiLabel(prediction, target, reduction);
    }
}
