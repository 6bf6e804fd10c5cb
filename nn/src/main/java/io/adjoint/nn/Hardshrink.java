package io.adjoint.nn;

import io.adjoint.autodiff.Tensor;

/**
 * {@code x} below -lambda and above lambda, 0 between; any shape.
 *
 * @param lambda half the width of what is cut out
 */
public record Hardshrink(double lambda) implements Layer {
    /** The default of PyTorch, 0.5. */
    public static Hardshrink standard() {
        return new Hardshrink(0.5);
    }

    @Override
    public Tensor forward(Tensor x) {
        return x.hardshrink(lambda);
    }
}
