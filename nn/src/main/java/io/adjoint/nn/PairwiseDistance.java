package io.adjoint.nn;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.Tensor;

/**
 * The distance of each vector from its partner, {@code (sum |a - b + epsilon|^p)^(1/p)} along the last axis.
 *
 * @param p the order of the norm, see {@link Tensor#norm(double, Axes)}; 2 for Euclidean distance
 * @param epsilon added to each difference, which keeps the gradient away from the kink at 0
 * @param axis what becomes of the axis of the vectors
 */
public record PairwiseDistance(double p, double epsilon, LastAxis axis) implements Module {
    /** What becomes of the last axis. */
    public enum LastAxis {
        /** It is gone. */
        DROPPED,
        /** Its extent is 1. */
        KEPT
    }

    /** The defaults of PyTorch: Euclidean, 1e-6, and a distance for each pair. */
    public static PairwiseDistance standard() {
        return new PairwiseDistance(2, 1e-6, LastAxis.DROPPED);
    }

    /**
     * The distances.
     *
     * @param a {@code [..., width]}
     * @param b of a shape that broadcasts with the other
     * @return the broadcast shape without its last axis, or with an extent of 1 there
     */
    public Tensor forward(Tensor a, Tensor b) {
        return a.sub(b).add(epsilon).norm(p, switch (axis) {
            case DROPPED -> Axes.drop(-1);
            case KEPT -> Axes.keep(-1);
        });
    }
}
