package io.adjoint.nn.spatial;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.AdaptivePooling;
import io.adjoint.autodiff.function.Pooling.Maxima;
import io.adjoint.nn.Layer;
import java.util.List;

/**
 * The maximum of each of so many windows, whatever the extents of the images, see {@link AdaptivePooling#max}; as {@code
 * torch.nn.AdaptiveMaxPool1d}, {@code AdaptiveMaxPool2d} and {@code AdaptiveMaxPool3d}.
 *
 * <p>Shapes: x {@code [batch, channels, extents...]} or {@code [channels, extents...]}, y the same with the extents given.
 *
 * @param extents of the output, one for each spatial axis; {@code -1}: that of the input, PyTorch's {@code None}
 */
public record AdaptiveMaxPool(List<Integer> extents) implements Layer {
    /**
     * A layer of these extents.
     *
     * @throws ShapeException if there is none, or one is below -1
     */
    public AdaptiveMaxPool {
        extents = List.copyOf(extents);
        Pools.requireExtents("adaptive_max_pool", extents, -1);
    }

    /** Output of these extents: {@code of(1, 1)} is {@code AdaptiveMaxPool2d(1)}. */
    public static AdaptiveMaxPool of(int... extents) {
        return new AdaptiveMaxPool(Filters.list(extents));
    }

    @Override
    public Tensor forward(Tensor x) {
        return AdaptivePooling.max(x, Filters.ints(extents));
    }

    /**
     * The maxima and where they were found, as with {@code return_indices}.
     *
     * @throws ShapeException as for {@link #forward}
     */
    public Maxima maxima(Tensor x) {
        return AdaptivePooling.maxima(x, Filters.ints(extents));
    }
}
