package io.adjoint.nn;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.Sampling;

/**
 * Zeroes whole channels at random while training, and scales the others by {@code 1 / (1 - p)}: neighbouring places of an
 * image say much the same, so that dropping one alone would hide little (Tompson, Goroshin, Jain, LeCun, Bregler 2015).
 * Outside a {@link Training} scope it is the identity. PyTorch's {@code Dropout1d}, {@code 2d} and {@code 3d}.
 *
 * <p>Shapes: {@code [n, channels, places...]}, or {@code [channels, places...]} for one example, with as many axes of places
 * as said.
 *
 * @param places how many axes of places there are, 1 to 3
 * @param probability p, that of zeroing a channel of an example, 0 to 1
 * @param key the random key of the next mask, an I64 buffer {@code [seed, stream]}
 */
public record ChannelDropout(int places, double probability, Variable key) implements Layer {
    private static final String NAME = "channel_dropout";

    public ChannelDropout {
        if (places < 1 || places > 3) {
            throw ShapeException.of(NAME, "not a number of axes").operand("places", places).expected("1 to 3");
        }
        Dropout.requireProbability(NAME, probability);
        RandomKey.require(NAME, key);
    }

    /** For signals, {@code [n, channels, length]}. */
    public static ChannelDropout of1d(double probability, Rng rng) {
        return new ChannelDropout(1, probability, RandomKey.of(rng));
    }

    /** For images, {@code [n, channels, height, width]}. */
    public static ChannelDropout of2d(double probability, Rng rng) {
        return new ChannelDropout(2, probability, RandomKey.of(rng));
    }

    /** For volumes, {@code [n, channels, depth, height, width]}. */
    public static ChannelDropout of3d(double probability, Rng rng) {
        return new ChannelDropout(3, probability, RandomKey.of(rng));
    }

    @Override
    public Tensor forward(Tensor x) {
        boolean isOne = x.rank() == places + 1;
        if (!isOne && x.rank() != places + 2) {
            throw ShapeException.of(NAME, "the number of axes is another").operand("input", x.shape())
                    .expected("[n, channels, ...] or [channels, ...] with %d axes of places".formatted(places));
        }
        if (Dropout.isIdle(probability)) {
            return x;
        }
        Tensor examples = isOne ? x.unsqueeze(0) : x;
        Tensor y = Sampling.featureDropout(examples, probability, RandomKey.next(key));
        return isOne ? y.squeeze(0) : y;
    }
}
