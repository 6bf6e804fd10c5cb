package io.adjoint.nn;

import io.adjoint.autodiff.Tensor;

/**
 * Neighbouring axes as one, {@code [n, a, b, ...] -> [n, a b ...]} from axis 1 to the last; as {@code torch.nn.Flatten}.
 *
 * @param from the first of the axes that are joined, 0 = outermost
 * @param to the last of them, -1 = innermost
 */
public record Flatten(int from, int to) implements Layer {
    /** Joins the axes from this one to the last. */
    public Flatten(int from) {
        this(from, -1);
    }

    /** Keeps the outermost axis, that of the examples. */
    public static Flatten examples() {
        return new Flatten(1);
    }

    @Override
    public Tensor forward(Tensor x) {
        return x.flatten(from, to);
    }
}
