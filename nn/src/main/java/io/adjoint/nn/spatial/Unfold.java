package io.adjoint.nn.spatial;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Patches;
import io.adjoint.autodiff.function.Window;
import io.adjoint.nn.Layer;

/**
 * The patches that a sliding window sees, as columns, see {@link Patches#unfold}; as {@code torch.nn.Unfold}.
 *
 * <p>Shapes: x {@code [batch, channels, extents...]} or {@code [channels, extents...]}, y {@code [batch, channels * size, patches]}
 * or {@code [channels * size, patches]}.
 *
 * @param window over as many axes as it has; its stride is 1 unless given, its rounding {@code FLOOR}
 */
public record Unfold(Window window) implements Layer {
    /**
     * A layer of this window.
     *
     * @throws ShapeException if it rounds up
     */
    public Unfold {
        Pools.requireFloor("unfold", window);
    }

    @Override
    public Tensor forward(Tensor x) {
        return Patches.unfold(x, window);
    }
}
