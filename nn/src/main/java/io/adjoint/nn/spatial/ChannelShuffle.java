package io.adjoint.nn.spatial;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Resizing;
import io.adjoint.nn.Layer;

/**
 * Channels dealt out so that a grouped convolution after it sees all groups (Zhang, Zhou, Lin, Sun 2018), see {@link
 * Resizing#channelShuffle}; as {@code torch.nn.ChannelShuffle}.
 *
 * <p>Shapes: x and y {@code [batch, channels, extents...]}.
 *
 * @param groups into which the channels were divided, 1 or more
 */
public record ChannelShuffle(int groups) implements Layer {
    /**
     * A layer of so many groups.
     *
     * @throws ShapeException if there are fewer than 1
     */
    public ChannelShuffle {
        if (groups < 1) {
            throw ShapeException.of("channel_shuffle", "no groups").operand("groups", groups).expected("1 or more");
        }
    }

    @Override
    public Tensor forward(Tensor x) {
        return Resizing.channelShuffle(x, groups);
    }
}
