package io.adjoint.nn;

import io.adjoint.autodiff.Tensor;

/**
 * {@code x} above 0, {@code slope x} elsewhere; any shape (Maas, Hannun, Ng 2013).
 *
 * @param slope of the negative side
 */
public record LeakyRelu(double slope) implements Layer {
    /** The default slope of PyTorch, 0.01. */
    public static LeakyRelu standard() {
        return new LeakyRelu(0.01);
    }

    @Override
    public Tensor forward(Tensor x) {
        return x.leakyRelu(slope);
    }
}
