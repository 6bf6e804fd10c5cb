package io.adjoint.nn.spatial;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Patches;
import io.adjoint.autodiff.function.Window;
import io.adjoint.nn.Layer;
import java.util.List;

/**
 * Patches put back where a sliding window saw them, added where they overlap, see {@link Patches#fold}; as {@code
 * torch.nn.Fold}.
 *
 * <p>Shapes: x {@code [batch, channels * size, patches]} or {@code [channels * size, patches]}, y {@code [batch, channels,
 * extents...]} or {@code [channels, extents...]}.
 *
 * @param extents of the output, one for each axis of the window
 * @param window its stride is 1 unless given, its rounding {@code FLOOR}
 */
public record Fold(List<Integer> extents, Window window) implements Layer {
    /**
     * A layer of this window.
     *
     * @throws ShapeException if there is not an extent for each axis, or the window rounds up
     */
    public Fold {
        extents = List.copyOf(extents);
        Pools.requireFloor("fold", window);
        Pools.requireExtents("fold", extents, 1);
        if (extents.size() != window.axes()) {
            throw ShapeException.of("fold", "not an extent for each axis").operand("extents", extents)
                    .operand("size", window.size()).expected(window.axes() + " extents");
        }
    }

    @Override
    public Tensor forward(Tensor x) {
        return Patches.fold(x, window, Filters.ints(extents));
    }
}
