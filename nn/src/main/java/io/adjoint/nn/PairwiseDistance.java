package io.adjoint.nn;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Distances;

/**
 * The distance of each vector from its partner, {@code (sum |a - b + epsilon|^p)^(1/p)} along the last axis.
 *
 * @param p the order of the norm, 0 or more; 2 for Euclidean distance
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

    public PairwiseDistance {
        if (!(p >= 0)) {
            throw ShapeException.of("pairwise_distance", "not an order").operand("p", p).expected("0 or more");
        }
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
        Tensor distances = Distances.pairwise(a, b, p, epsilon);
        return switch (axis) {
            case DROPPED -> distances;
            case KEPT -> distances.unsqueeze(-1);
        };
    }
}
