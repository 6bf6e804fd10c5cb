package io.adjoint.nn;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/**
 * {@code x - lambda} above lambda, {@code x + lambda} below -lambda, 0 between; any shape.
 *
 * @param lambda by how much it shrinks, 0 or more
 */
public record Softshrink(double lambda) implements Layer {
    public Softshrink {
        if (!(lambda >= 0)) {
            throw ShapeException.of("softshrink", "not a width").operand("lambda", lambda).expected("0 or more");
        }
    }

    /** The default of PyTorch, 0.5. */
    public static Softshrink standard() {
        return new Softshrink(0.5);
    }

    @Override
    public Tensor forward(Tensor x) {
        return x.softshrink(lambda);
    }
}
