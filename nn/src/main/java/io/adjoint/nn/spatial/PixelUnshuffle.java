package io.adjoint.nn.spatial;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Resizing;
import io.adjoint.nn.Layer;

/**
 * Images moved into more channels, the reverse of {@link PixelShuffle}, see {@link Resizing#pixelUnshuffle}; as {@code
 * torch.nn.PixelUnshuffle}.
 *
 * <p>Shapes: x {@code [..., channels, height * factor, width * factor]}, y {@code [..., channels * factor^2, height, width]}.
 *
 * @param factor by which height and width shrink, 1 or more
 */
public record PixelUnshuffle(int factor) implements Layer {
    /**
     * A layer of this factor.
     *
     * @throws ShapeException if it is less than 1
     */
    public PixelUnshuffle {
        PixelShuffle.requireFactor("pixel_unshuffle", factor);
    }

    @Override
    public Tensor forward(Tensor x) {
        return Resizing.pixelUnshuffle(x, factor);
    }
}
