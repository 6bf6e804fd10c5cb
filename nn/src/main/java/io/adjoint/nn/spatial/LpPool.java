package io.adjoint.nn.spatial;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Pooling;
import io.adjoint.autodiff.function.Window;
import io.adjoint.nn.Layer;

/**
 * The p-norm of each window without an absolute value, {@code (sum x^p)^(1/p)}, see {@link Pooling#norm}; as {@code
 * torch.nn.LPPool1d} and {@code LPPool2d}.
 *
 * <p>Shapes: x {@code [batch, channels, extents...]} or {@code [channels, extents...]}, y the same with extents {@code
 * floor((extent - (size - 1) dilation - 1) / stride) + 1}, rounded up instead for {@code CEIL}.
 *
 * @param p the power, not 0
 * @param window over as many axes as it has, without padding; its stride is its size unless given
 */
public record LpPool(double p, Window window) implements Layer {
    /**
     * A layer of this window.
     *
     * @throws ShapeException if p is 0, or there is padding
     */
    public LpPool {
        if (p == 0 || Double.isNaN(p)) {
            throw ShapeException.of("lp_pool", "no such power").operand("p", p).expected("a number other than 0");
        }
        if (window.padding().stream().anyMatch(zeros -> zeros != 0)) {
            throw ShapeException.of("lp_pool", "padding").operand("padding", window.padding()).expected("none");
        }
    }

    @Override
    public Tensor forward(Tensor x) {
        return Pooling.norm(x, p, window);
    }
}
