package io.adjoint.nn.loss;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.BinaryLosses;
import io.adjoint.autodiff.function.BinaryLosses.Weights;
import io.adjoint.autodiff.function.Reduction;
import java.util.Objects;

/**
 * The mean over classes of binary cross-entropies, as {@code torch.nn.MultiLabelSoftMarginLoss}: {@link
 * BinaryLosses#multiLabelSoftMargin(Tensor, Tensor, Weights, Reduction)}.
 *
 * <p>Shapes: prediction and target {@code [..., classes]}; result {@code [...]} or a scalar, by the reduction.
 *
 * @param weights a weight of each class
 * @param reduction how the losses become one
 */
public record MultiLabelSoftMarginLoss(Weights weights, Reduction reduction) implements Loss {
    public MultiLabelSoftMarginLoss {
        Objects.requireNonNull(weights, "weights");
        Objects.requireNonNull(reduction, "reduction");
    }

    /** PyTorch's defaults: no weights, the mean. */
    public static MultiLabelSoftMarginLoss standard() {
        return new MultiLabelSoftMarginLoss(Weights.NONE, Reduction.MEAN);
    }

    /** The same with a weight for each class, {@code [classes]}. */
    public MultiLabelSoftMarginLoss withWeight(Tensor perClass) {
        return new MultiLabelSoftMarginLoss(weights.withWeight(perClass), reduction);
    }

    /** The same, joined in another way. */
    public MultiLabelSoftMarginLoss withReduction(Reduction other) {
        return new MultiLabelSoftMarginLoss(weights, other);
    }

    @Override
    public Tensor of(Tensor prediction, Tensor target) {
        return BinaryLosses.multiLabelSoftMargin(prediction, target, weights, reduction);
    }
}
