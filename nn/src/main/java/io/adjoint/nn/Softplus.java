package io.adjoint.nn;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/**
 * {@code ln(1 + e^(beta x)) / beta}, or {@code x} itself where {@code beta x > threshold}; any shape. Without
 * configuration it is {@link Activation#SOFTPLUS}.
 *
 * @param beta how sharp the bend is; not 0
 * @param threshold beyond which it counts as straight
 */
public record Softplus(double beta, double threshold) implements Layer {
    public Softplus {
        if (beta == 0) {
            throw ShapeException.of("softplus", "nothing to divide by").operand("beta", beta)
                    .expected("another than 0");
        }
    }

    /** The default threshold of PyTorch, 20. */
    public static Softplus of(double beta) {
        return new Softplus(beta, 20);
    }

    @Override
    public Tensor forward(Tensor x) {
        return x.softplus(beta, threshold);
    }
}
