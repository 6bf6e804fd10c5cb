package io.adjoint.nn;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.Sampling;

/**
 * Dropout for networks of {@link Activation#SELU}: while training, whole channels become at random the limit of SELU, and then all
 * is scaled and shifted so that mean 0 and variance 1 stay (Klambauer, Unterthiner, Mayr, Hochreiter 2017). Outside a
 * {@link Training} scope it is the identity. Shape {@code [n, channels, ...]}.
 *
 * @param probability that of dropping, 0 to 1; at 1 all is 0
 * @param key the random key of the next mask, an I64 buffer {@code [seed, stream]}
 */
public record FeatureAlphaDropout(double probability, Variable key) implements Layer {
    public FeatureAlphaDropout {
        Dropout.requireProbability("feature_alpha_dropout", probability);
        RandomKey.require("feature_alpha_dropout", key);
    }

    /** A layer whose masks come from this key. */
    public static FeatureAlphaDropout of(double probability, Rng rng) {
        return new FeatureAlphaDropout(probability, RandomKey.of(rng));
    }

    @Override
    public Tensor forward(Tensor x) {
        if (x.rank() < 2) {
            throw ShapeException.of("feature_alpha_dropout", "no channels").operand("input", x.shape())
                    .expected("[n, channels, ...]");
        }
        return Dropout.isIdle(probability) ? x : Sampling.featureAlphaDropout(x, probability, RandomKey.next(key));
    }
}
