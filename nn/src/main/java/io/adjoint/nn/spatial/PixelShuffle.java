package io.adjoint.nn.spatial;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Resizing;
import io.adjoint.nn.Layer;

/**
 * Channels moved into larger images (Shi, Caballero, Huszar, Totz, Aitken, Bishop, Rueckert, Wang 2016), see {@link
 * Resizing#pixelShuffle}; as {@code torch.nn.PixelShuffle}.
 *
 * <p>Shapes: x {@code [..., channels * factor^2, height, width]}, y {@code [..., channels, height * factor, width * factor]}.
 *
 * @param factor by which height and width grow, 1 or more
 */
public record PixelShuffle(int factor) implements Layer {
    /**
     * A layer of this factor.
     *
     * @throws ShapeException if it is less than 1
     */
    public PixelShuffle {
        requireFactor("pixel_shuffle", factor);
    }

    static void requireFactor(String layer, int factor) {
        if (factor < 1) {
            throw ShapeException.of(layer, "no such factor").operand("factor", factor).expected("1 or more");
        }
    }

    @Override
    public Tensor forward(Tensor x) {
        return Resizing.pixelShuffle(x, factor);
    }
}
