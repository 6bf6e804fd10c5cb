package io.adjoint.nn.loss;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.MarginLosses;
import io.adjoint.autodiff.function.Reduction;
import java.util.Objects;

/**
 * {@code 1 - cos} of two vectors where the target is 1, {@code max(0, cos - margin)} where it is -1, as {@code
 * torch.nn.CosineEmbeddingLoss}: {@link MarginLosses#cosineEmbedding(Tensor, Tensor, Tensor, double, Reduction)}.
 *
 * @param margin the cosine that different ones may have
 * @param reduction how the losses become one
 */
public record CosineEmbeddingLoss(double margin, Reduction reduction) {
    public CosineEmbeddingLoss {
        Objects.requireNonNull(reduction, "reduction");
    }

    /** PyTorch's defaults: margin 0, the mean. */
    public static CosineEmbeddingLoss standard() {
        return new CosineEmbeddingLoss(0, Reduction.MEAN);
    }

    /** The same with another margin. */
    public CosineEmbeddingLoss withMargin(double other) {
        return new CosineEmbeddingLoss(other, reduction);
    }

    /** The same, joined in another way. */
    public CosineEmbeddingLoss withReduction(Reduction other) {
        return new CosineEmbeddingLoss(margin, other);
    }

    /**
     * The loss.
     *
     * @param first {@code [n, width]} or {@code [width]}
     * @param second of the same shape
     * @param target {@code [n]} or a scalar
     * @throws ShapeException if the shapes do not fit
     */
    public Tensor of(Tensor first, Tensor second, Tensor target) {
        return MarginLosses.cosineEmbedding(first, second, target, margin, reduction);
    }
}
