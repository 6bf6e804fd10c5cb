package io.adjoint.nn.loss;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.MarginLosses;
import io.adjoint.autodiff.function.Reduction;
import java.util.Objects;

/**
 * A distance where the target is 1, {@code max(0, margin - x)} where it is -1, as {@code torch.nn.HingeEmbeddingLoss}: {@link
 * MarginLosses#hingeEmbedding(Tensor, Tensor, double, Reduction)}.
 *
 * <p>Shapes: prediction of any shape, target of the same shape; the result has it too, or is a scalar, by the reduction.
 *
 * @param margin how far apart different ones should be
 * @param reduction how the losses become one
 */
public record HingeEmbeddingLoss(double margin, Reduction reduction) implements Loss {
    public HingeEmbeddingLoss {
        Objects.requireNonNull(reduction, "reduction");
    }

    /** PyTorch's defaults: margin 1, the mean. */
    public static HingeEmbeddingLoss standard() {
        return new HingeEmbeddingLoss(1, Reduction.MEAN);
    }

    /** The same with another margin. */
    public HingeEmbeddingLoss withMargin(double other) {
        return new HingeEmbeddingLoss(other, reduction);
    }

    /** The same, joined in another way. */
    public HingeEmbeddingLoss withReduction(Reduction other) {
        return new HingeEmbeddingLoss(margin, other);
    }

    @Override
    public Tensor of(Tensor prediction, Tensor target) {
        return MarginLosses.hingeEmbedding(prediction, target, margin, reduction);
    }
}
