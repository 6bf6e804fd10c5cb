package io.adjoint.nn.spatial;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.AdaptivePooling;
import io.adjoint.nn.Layer;
import java.util.List;

/**
 * The mean of each of so many windows, whatever the extents of the images, see {@link AdaptivePooling#average}; as {@code
 * torch.nn.AdaptiveAvgPool1d}, {@code AdaptiveAvgPool2d} and {@code AdaptiveAvgPool3d}.
 *
 * <p>Shapes: x {@code [batch, channels, extents...]} or {@code [channels, extents...]}, y the same with the extents given.
 *
 * @param extents of the output, one for each spatial axis; {@code -1}: that of the input, PyTorch's {@code None}
 */
public record AdaptiveAveragePool(List<Integer> extents) implements Layer {
    /**
     * A layer of these extents.
     *
     * @throws ShapeException if there is none, or one is below -1
     */
    public AdaptiveAveragePool {
        extents = List.copyOf(extents);
        Pools.requireExtents("adaptive_average_pool", extents, -1);
    }

    /** Output of these extents: {@code of(1, 1)} is {@code AdaptiveAvgPool2d(1)}. */
    public static AdaptiveAveragePool of(int... extents) {
        return new AdaptiveAveragePool(Filters.list(extents));
    }

    @Override
    public Tensor forward(Tensor x) {
        return AdaptivePooling.average(x, Filters.ints(extents));
    }
}
