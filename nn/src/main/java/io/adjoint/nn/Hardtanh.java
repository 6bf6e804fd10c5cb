package io.adjoint.nn;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/**
 * {@code min(max(x, low), high)}; any shape. The derivative at the bounds is 0.
 *
 * @param low the least result
 * @param high the greatest result, above low
 */
public record Hardtanh(double low, double high) implements Layer {
    public Hardtanh {
        if (!(low < high)) {
            throw ShapeException.of("hardtanh", "the bounds are crossed").operand("low", low).operand("high", high)
                    .expected("low below high");
        }
    }

    /** The defaults of PyTorch, -1 and 1. */
    public static Hardtanh standard() {
        return new Hardtanh(-1, 1);
    }

    @Override
    public Tensor forward(Tensor x) {
        return x.hardtanh(low, high);
    }
}
