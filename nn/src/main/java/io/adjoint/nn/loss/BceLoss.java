package io.adjoint.nn.loss;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.BinaryLosses;
import io.adjoint.autodiff.function.BinaryLosses.Weights;
import io.adjoint.autodiff.function.Reduction;
import java.util.Objects;

/**
 * Binary cross-entropy of probabilities, as {@code torch.nn.BCELoss}: {@link BinaryLosses#crossEntropy(Tensor, Tensor, Weights,
 * Reduction)}. {@link BceWithLogitsLoss} is more exact.
 *
 * <p>Shapes: prediction of any shape, target of the same shape; the result has it too, or is a scalar, by the reduction.
 *
 * @param weights a weight of each loss
 * @param reduction how the losses become one
 */
public record BceLoss(Weights weights, Reduction reduction) implements Loss {
    public BceLoss {
        Objects.requireNonNull(weights, "weights");
        Objects.requireNonNull(reduction, "reduction");
    }

    /** PyTorch's defaults: no weights, the mean. */
    public static BceLoss standard() {
        return new BceLoss(Weights.NONE, Reduction.MEAN);
    }

    /** The same with a weight of each loss, a shape that stretches to the prediction. */
    public BceLoss withWeight(Tensor each) {
        return new BceLoss(weights.withWeight(each), reduction);
    }

    /** The same, joined in another way. */
    public BceLoss withReduction(Reduction other) {
        return new BceLoss(weights, other);
    }

    @Override
    public Tensor of(Tensor prediction, Tensor target) {
        return BinaryLosses.crossEntropy(prediction, target, weights, reduction);
    }
}
