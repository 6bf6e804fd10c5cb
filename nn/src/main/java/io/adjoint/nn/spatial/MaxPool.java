package io.adjoint.nn.spatial;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Pooling;
import io.adjoint.autodiff.function.Pooling.Maxima;
import io.adjoint.autodiff.function.Window;
import io.adjoint.nn.Layer;

/**
 * The maximum of each window, see {@link Pooling#max}; as {@code torch.nn.MaxPool1d}, {@code MaxPool2d} and {@code MaxPool3d}.
 *
 * <p>Shapes: x {@code [batch, channels, extents...]} or {@code [channels, extents...]}, y the same with extents {@code
 * floor((extent + 2 padding - (size - 1) dilation - 1) / stride) + 1}, rounded up instead for {@code CEIL}.
 *
 * @param window over as many axes as it has; its stride is its size unless given, its padding at most half of its size
 */
public record MaxPool(Window window) implements Layer {
    /**
     * A layer of this window.
     *
     * @throws ShapeException if the padding is more than half of the window
     */
    public MaxPool {
        Pools.requirePadding("max_pool", window);
    }

    /** Windows of this size side by side, {@code of(2, 2)} is {@code MaxPool2d(2)}. */
    public static MaxPool of(int... size) {
        return new MaxPool(Window.of(size));
    }

    @Override
    public Tensor forward(Tensor x) {
        return Pooling.max(x, window);
    }

    /**
     * The maxima and where they were found, which a {@link MaxUnpool} puts them back by; as with {@code return_indices}.
     *
     * @throws ShapeException as for {@link #forward}
     */
    public Maxima maxima(Tensor x) {
        return Pooling.maxima(x, window);
    }
}
