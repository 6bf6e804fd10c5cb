package io.adjoint.nn;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Distances;

/**
 * The cosine of the angle between vectors along an axis, {@code sum of (a / max(|a|, epsilon)) (b / max(|b|, epsilon))}.
 *
 * @param axis along which the vectors lie, 0 = outermost, -1 = innermost
 * @param epsilon the least norm that is divided by
 */
public record CosineSimilarity(int axis, double epsilon) implements Module {
    /** The defaults of PyTorch: axis 1 and 1e-8. */
    public static CosineSimilarity standard() {
        return new CosineSimilarity(1, 1e-8);
    }

    /**
     * How alike the vectors are, -1 to 1.
     *
     * @param a of a shape that has the axis
     * @param b of a shape that broadcasts with the other
     * @return the broadcast shape without the axis
     */
    public Tensor forward(Tensor a, Tensor b) {
        return Distances.cosine(a, b, axis, epsilon);
    }
}
