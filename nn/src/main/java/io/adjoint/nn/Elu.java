package io.adjoint.nn;

import io.adjoint.autodiff.Tensor;

/**
 * {@code x} above 0, {@code alpha (e^x - 1)} elsewhere; any shape (Clevert, Unterthiner, Hochreiter 2015).
 *
 * @param alpha to whose negative it falls
 */
public record Elu(double alpha) implements Layer {
    /** The default of PyTorch, 1. */
    public static Elu standard() {
        return new Elu(1);
    }

    @Override
    public Tensor forward(Tensor x) {
        return x.elu(alpha);
    }
}
