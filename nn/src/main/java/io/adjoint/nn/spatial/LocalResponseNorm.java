package io.adjoint.nn.spatial;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Normalisation;
import io.adjoint.nn.Layer;

/**
 * Each element divided by a mean over neighbouring channels, {@code x / (k + alpha mean x^2)^beta} (Krizhevsky, Sutskever,
 * Hinton 2012), see {@link Normalisation#localResponse}; as {@code torch.nn.LocalResponseNorm}.
 *
 * <p>Shapes: x and y {@code [batch, channels, extents...]}.
 *
 * @param size how many channels the mean is over, the element's own in their middle
 * @param alpha weight of the mean
 * @param beta the power
 * @param k what is added to it
 */
public record LocalResponseNorm(int size, double alpha, double beta, double k) implements Layer {
    /**
     * A layer of this size.
     *
     * @throws ShapeException if the size is not between 1 and 65536
     */
    public LocalResponseNorm {
        if (size < 1 || size > 1 << 16) {
            throw ShapeException.of("local_response_norm", "size out of range").operand("size", size)
                    .expected("1 to " + (1 << 16));
        }
    }

    /** The defaults of PyTorch: alpha 0.0001, beta 0.75, k 1. */
    public static LocalResponseNorm of(int size) {
        return new LocalResponseNorm(size, 1e-4, 0.75, 1);
    }

    @Override
    public Tensor forward(Tensor x) {
        return Normalisation.localResponse(x, size, alpha, beta, k);
    }
}
