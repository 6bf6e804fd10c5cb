package io.adjoint.nn.spatial;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Divisor;
import io.adjoint.autodiff.function.Pooling;
import io.adjoint.autodiff.function.Window;
import io.adjoint.nn.Layer;
import java.util.Objects;

/**
 * The mean of each window, see {@link Pooling#average}; as {@code torch.nn.AvgPool1d}, {@code AvgPool2d} and {@code
 * AvgPool3d}.
 *
 * <p>Shapes: x {@code [batch, channels, extents...]} or {@code [channels, extents...]}, y the same with extents {@code
 * floor((extent + 2 padding - (size - 1) dilation - 1) / stride) + 1}, rounded up instead for {@code CEIL}.
 *
 * @param window over as many axes as it has; its stride is its size unless given, its padding at most half of its size
 * @param divisor what the sum of a window is divided by
 */
public record AveragePool(Window window, Divisor divisor) implements Layer {
    /**
     * A layer of this window.
     *
     * @throws ShapeException if the padding is more than half of the window
     */
    public AveragePool {
        Objects.requireNonNull(divisor, "divisor");
        Pools.requirePadding("average_pool", window);
    }

    /** Divides by the number of elements of the window, padding included. */
    public AveragePool(Window window) {
        this(window, Divisor.WINDOW);
    }

    /** Windows of this size side by side, {@code of(2, 2)} is {@code AvgPool2d(2)}. */
    public static AveragePool of(int... size) {
        return new AveragePool(Window.of(size));
    }

    @Override
    public Tensor forward(Tensor x) {
        return Pooling.average(x, window, divisor);
    }
}
