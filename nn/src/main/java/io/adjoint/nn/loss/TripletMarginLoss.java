package io.adjoint.nn.loss;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.MarginLosses;
import io.adjoint.autodiff.function.MarginLosses.Against;
import io.adjoint.autodiff.function.MarginLosses.Triplet;
import io.adjoint.autodiff.function.Reduction;
import java.util.Objects;

/**
 * {@code max(0, d(anchor, positive) - d(anchor, negative) + margin)}, as {@code torch.nn.TripletMarginLoss}: {@link
 * MarginLosses#triplet(Tensor, Tensor, Tensor, Triplet, Reduction)}.
 *
 * @param options the margin, the norm, and from where the negative is measured
 * @param reduction how the losses become one
 */
public record TripletMarginLoss(Triplet options, Reduction reduction) {
    public TripletMarginLoss {
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(reduction, "reduction");
    }

    /** PyTorch's defaults: margin 1, Euclidean, against the anchor, the mean. */
    public static TripletMarginLoss standard() {
        return new TripletMarginLoss(Triplet.DEFAULT, Reduction.MEAN);
    }

    /** The same with another margin. */
    public TripletMarginLoss withMargin(double other) {
        return new TripletMarginLoss(options.withMargin(other), reduction);
    }

    /** The same with a norm of another order. */
    public TripletMarginLoss withNorm(double order) {
        return new TripletMarginLoss(options.withNorm(order), reduction);
    }

    /** The same with the negative measured from elsewhere. */
    public TripletMarginLoss against(Against other) {
        return new TripletMarginLoss(options.against(other), reduction);
    }

    /** The same, joined in another way. */
    public TripletMarginLoss withReduction(Reduction other) {
        return new TripletMarginLoss(options, other);
    }

    /**
     * The loss.
     *
     * @param anchor {@code [..., width]}
     * @param positive of a shape that broadcasts with it, something like the anchor
     * @param negative of a shape that broadcasts with it, something else
     * @throws ShapeException if the shapes do not fit
     */
    public Tensor of(Tensor anchor, Tensor positive, Tensor negative) {
        return MarginLosses.triplet(anchor, positive, negative, options, reduction);
    }
}
