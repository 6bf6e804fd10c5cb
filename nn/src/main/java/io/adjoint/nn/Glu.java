package io.adjoint.nn;

import io.adjoint.autodiff.Tensor;

/**
 * A gated linear unit, {@code a sigmoid(b)} of the two halves a and b of an axis: {@code [..., 2 n, ...] -> [..., n, ...]}
 * (Dauphin, Fan, Auli, Grangier 2016).
 *
 * @param axis 0 = outermost, -1 = innermost; of an even extent
 */
public record Glu(int axis) implements Layer {
    /** The default of PyTorch, the innermost axis. */
    public static Glu standard() {
        return new Glu(-1);
    }

    @Override
    public Tensor forward(Tensor x) {
        return x.glu(axis);
    }
}
