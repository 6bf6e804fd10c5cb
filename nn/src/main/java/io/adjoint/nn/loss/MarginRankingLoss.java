package io.adjoint.nn.loss;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.MarginLosses;
import io.adjoint.autodiff.function.Reduction;
import java.util.Objects;

/**
 * {@code max(0, margin - t (first - second))}, as {@code torch.nn.MarginRankingLoss}: {@link MarginLosses#ranking(Tensor, Tensor,
 * Tensor, double, Reduction)}.
 *
 * @param margin by which the greater one should be greater
 * @param reduction how the losses become one
 */
public record MarginRankingLoss(double margin, Reduction reduction) {
    public MarginRankingLoss {
        Objects.requireNonNull(reduction, "reduction");
    }

    /** PyTorch's defaults: margin 0, the mean. */
    public static MarginRankingLoss standard() {
        return new MarginRankingLoss(0, Reduction.MEAN);
    }

    /** The same with another margin. */
    public MarginRankingLoss withMargin(double other) {
        return new MarginRankingLoss(other, reduction);
    }

    /** The same, joined in another way. */
    public MarginRankingLoss withReduction(Reduction other) {
        return new MarginRankingLoss(margin, other);
    }

    /**
     * The loss.
     *
     * @param first of any shape
     * @param second of the same shape
     * @param target of the same shape: 1 wants the first to be greater, -1 the second
     * @throws ShapeException if the shapes differ
     */
    public Tensor of(Tensor first, Tensor second, Tensor target) {
        return MarginLosses.ranking(first, second, target, margin, reduction);
    }
}
