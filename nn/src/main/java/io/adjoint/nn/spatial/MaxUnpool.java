package io.adjoint.nn.spatial;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Pooling;
import io.adjoint.autodiff.function.Pooling.Maxima;
import io.adjoint.autodiff.function.Window;
import io.adjoint.nn.Module;

/**
 * Puts the maxima of a {@link MaxPool} of the same window back where they were found, zeros elsewhere, see {@link
 * Pooling#unpool(Maxima, Window)}; as {@code torch.nn.MaxUnpool1d}, {@code MaxUnpool2d} and {@code MaxUnpool3d}.
 *
 * <p>Shapes: maxima and places {@code [batch, channels, windows...]} or {@code [channels, windows...]}, y the same with extents
 * {@code (windows - 1) stride - 2 padding + size}, or those given.
 *
 * @param window over as many axes as it has; its stride is its size unless given
 */
public record MaxUnpool(Window window) implements Module {
    /**
     * A module of this window.
     *
     * @throws ShapeException if the padding is more than half of the window
     */
    public MaxUnpool {
        Pools.requirePadding("max_unpool", window);
    }

    /** Windows of this size side by side, {@code of(2, 2)} is {@code MaxUnpool2d(2)}. */
    public static MaxUnpool of(int... size) {
        return new MaxUnpool(Window.of(size));
    }

    /**
     * The smallest images that have such maxima.
     *
     * @throws ShapeException if values and places do not fit each other or the window, or a place is not in the image
     */
    public Tensor forward(Maxima maxima) {
        return Pooling.unpool(maxima, window);
    }

    /**
     * Images of these extents; several may have the same windows.
     *
     * @param extents one for each spatial axis
     * @throws ShapeException if values and places do not fit each other or the window, or a place is not in the image
     */
    public Tensor forward(Maxima maxima, int... extents) {
        if (extents.length != window.axes()) {
            throw ShapeException.of("max_unpool", "not an extent for each axis").operand("extents",
                    Filters.list(extents)).operand("size", window.size()).expected(window.axes() + " extents");
        }
        return Pooling.unpool(maxima, extents);
    }
}
