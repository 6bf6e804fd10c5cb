package io.adjoint.nn;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;

/**
 * {@code x} above 0, {@code r x} elsewhere, with a random slope r for each element while training, spread evenly from lower to
 * upper; outside a {@link Training} scope r is their mean (Xu, Wang, Chen, Li 2015). Any shape.
 *
 * @param lower the least slope
 * @param upper the greatest one
 * @param key the random key of the next slopes, an I64 buffer {@code [seed, stream]}
 */
public record RRelu(double lower, double upper, Variable key) implements Layer {
    public RRelu {
        if (!(lower <= upper)) {
            throw ShapeException.of("rrelu", "the bounds are crossed").operand("lower", lower).operand("upper", upper)
                    .expected("lower at most upper");
        }
        RandomKey.require("rrelu", key);
    }

    /** The slopes of PyTorch's defaults, 1/8 to 1/3. */
    public static RRelu of(Rng rng) {
        return of(1.0 / 8, 1.0 / 3, rng);
    }

    /** A layer whose slopes come from this key. */
    public static RRelu of(double lower, double upper, Rng rng) {
        return new RRelu(lower, upper, RandomKey.of(rng));
    }

    @Override
    public Tensor forward(Tensor x) {
        return Training.isActive() ? x.rrelu(RandomKey.next(key), lower, upper) : x.rrelu(lower, upper);
    }
}
