package io.adjoint.nn;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.Sampling;

/**
 * Dropout for networks of {@link Activation#SELU}: while training, elements become at random the limit of SELU, and then all
 * is scaled and shifted so that mean 0 and variance 1 stay (Klambauer, Unterthiner, Mayr, Hochreiter 2017). Outside a
 * {@link Training} scope it is the identity. Any shape.
 *
 * @param probability that of dropping, 0 to 1; at 1 all is 0
 * @param key the random key of the next mask, an I64 buffer {@code [seed, stream]}
 */
public record AlphaDropout(double probability, Variable key) implements Layer {
    public AlphaDropout {
        Dropout.requireProbability("alpha_dropout", probability);
        RandomKey.require("alpha_dropout", key);
    }

    /** A layer whose masks come from this key. */
    public static AlphaDropout of(double probability, Rng rng) {
        return new AlphaDropout(probability, RandomKey.of(rng));
    }

    @Override
    public Tensor forward(Tensor x) {
        return Dropout.isIdle(probability) ? x : Sampling.alphaDropout(x, probability, RandomKey.next(key));
    }
}
