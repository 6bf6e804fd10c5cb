package io.adjoint.nn.probability;

import io.adjoint.autodiff.Tensor;
import java.util.Optional;

/**
 * An invertible function with the volume that it stretches, which turns one distribution into another, see {@link
 * Transformed}. One of one's own, a layer of a normalising flow, implements the first three methods.
 */
public interface Bijector {
    /** y of x. */
    Tensor forward(Tensor x);

    /** x of y. */
    Tensor inverse(Tensor y);

    /**
     * {@code ln |det dy/dx|}, without the {@link #eventRank} inner axes, for an x and its y.
     */
    Tensor logDeterminant(Tensor x, Tensor y);

    /** How many inner axes are transformed together; 0 for a function of each element. */
    default int eventRank() {
        return 0;
    }

    /** BOOL: where y is no value of the function, elementwise; by default nowhere. */
    default Tensor isOutside(Tensor y) {
        return y.ne(y).and(y.eq(y));
    }

    /** The value of the function, or the end of its values, that is nearest to y; for {@code cdf}. */
    default Tensor nearest(Tensor y) {
        return y;
    }

    /** 1 where the function of each element rises, -1 where it falls; empty if it is none of one element. */
    default Optional<Tensor> slope() {
        return Optional.empty();
    }
}
