package io.adjoint.nn.loss;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Distances;
import io.adjoint.autodiff.function.MarginLosses;
import io.adjoint.autodiff.function.MarginLosses.Against;
import io.adjoint.autodiff.function.Reduction;
import java.util.Objects;
import java.util.function.BinaryOperator;

/**
 * {@link TripletMarginLoss} with a distance of one's own, as {@code torch.nn.TripletMarginWithDistanceLoss}.
 *
 * @param distance of two tensors, a number for each example
 * @param margin between the two distances
 * @param against from where the negative is measured
 * @param reduction how the losses become one
 */
public record TripletMarginWithDistanceLoss(BinaryOperator<Tensor> distance, double margin, Against against,
        Reduction reduction) {
    public TripletMarginWithDistanceLoss {
        Objects.requireNonNull(distance, "distance");
        Objects.requireNonNull(against, "against");
        Objects.requireNonNull(reduction, "reduction");
    }

    /** PyTorch's defaults: {@link Distances#pairwise(Tensor, Tensor) Euclidean}, margin 1, against the anchor, the mean. */
    public static TripletMarginWithDistanceLoss standard() {
        return new TripletMarginWithDistanceLoss(Distances::pairwise, 1, Against.ANCHOR, Reduction.MEAN);
    }

    /** The same with another distance. */
    public TripletMarginWithDistanceLoss withDistance(BinaryOperator<Tensor> other) {
        return new TripletMarginWithDistanceLoss(other, margin, against, reduction);
    }

    /** The same with another margin. */
    public TripletMarginWithDistanceLoss withMargin(double other) {
        return new TripletMarginWithDistanceLoss(distance, other, against, reduction);
    }

    /** The same with the negative measured from elsewhere. */
    public TripletMarginWithDistanceLoss against(Against other) {
        return new TripletMarginWithDistanceLoss(distance, margin, other, reduction);
    }

    /** The same, joined in another way. */
    public TripletMarginWithDistanceLoss withReduction(Reduction other) {
        return new TripletMarginWithDistanceLoss(distance, margin, against, other);
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
        Tensor far = distance.apply(anchor, negative);
        Tensor measured = switch (against) {
            case ANCHOR -> far;
            case NEARER -> far.minimum(distance.apply(positive, negative));
        };
        return MarginLosses.tripletOfDistances(distance.apply(anchor, positive), measured, margin, reduction);
    }
}
