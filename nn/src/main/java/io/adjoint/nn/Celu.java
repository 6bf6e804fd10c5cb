package io.adjoint.nn;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/**
 * {@code x} above 0, {@code alpha (e^(x / alpha) - 1)} elsewhere, smooth at 0; any shape (Barron 2017).
 *
 * @param alpha to whose negative it falls; not 0
 */
public record Celu(double alpha) implements Layer {
    public Celu {
        if (alpha == 0) {
            throw ShapeException.of("celu", "nothing to divide by").operand("alpha", alpha).expected("another than 0");
        }
    }

    /** The default of PyTorch, 1. */
    public static Celu standard() {
        return new Celu(1);
    }

    @Override
    public Tensor forward(Tensor x) {
        return x.celu(alpha);
    }
}
