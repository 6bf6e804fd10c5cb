package io.adjoint.nn;

import io.adjoint.autodiff.Tensor;

/**
 * Axes from one to the last as one, {@code [n, a, b, ...] -> [n, a b ...]} from axis 1.
 *
 * @param from the first of the axes that are joined, 0 = outermost
 */
public record Flatten(int from) implements Layer {
    /** Keeps the outermost axis, that of the examples. */
    public static Flatten examples() {
        return new Flatten(1);
    }

    @Override
    public Tensor forward(Tensor x) {
        return x.flatten(from);
    }
}
