package io.adjoint.nn.loss;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.BinaryLosses;
import io.adjoint.autodiff.function.BinaryLosses.Weights;
import io.adjoint.autodiff.function.Reduction;
import java.util.Objects;

/**
 * Binary cross-entropy of logits, as {@code torch.nn.BCEWithLogitsLoss}: {@link BinaryLosses#crossEntropyWithLogits(Tensor,
 * Tensor, Weights, Reduction)}.
 *
 * <p>Shapes: prediction of any shape, target of the same shape; the result has it too, or is a scalar, by the reduction.
 *
 * @param weights a weight of each loss, and one of the part that stands for yes
 * @param reduction how the losses become one
 */
public record BceWithLogitsLoss(Weights weights, Reduction reduction) implements Loss {
    public BceWithLogitsLoss {
        Objects.requireNonNull(weights, "weights");
        Objects.requireNonNull(reduction, "reduction");
    }

    /** PyTorch's defaults: no weights, the mean. */
    public static BceWithLogitsLoss standard() {
        return new BceWithLogitsLoss(Weights.NONE, Reduction.MEAN);
    }

    /** The same with a weight of each loss, a shape that stretches to the prediction. */
    public BceWithLogitsLoss withWeight(Tensor each) {
        return new BceWithLogitsLoss(weights.withWeight(each), reduction);
    }

    /** The same with a weight of yes, a shape that stretches to the prediction: {@code pos_weight} in PyTorch. */
    public BceWithLogitsLoss withPositiveWeight(Tensor yes) {
        return new BceWithLogitsLoss(weights.withPositiveWeight(yes), reduction);
    }

    /** The same, joined in another way. */
    public BceWithLogitsLoss withReduction(Reduction other) {
        return new BceWithLogitsLoss(weights, other);
    }

    @Override
    public Tensor of(Tensor prediction, Tensor target) {
        return BinaryLosses.crossEntropyWithLogits(prediction, target, weights, reduction);
    }
}
