package io.adjoint.nn;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.Sampling;

/**
 * Zeroes elements at random while training, and scales the others so that the mean stays: {@code y = x m / (1 - p)} with
 * m = 0 with probability p, else 1 (Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov 2014). Outside a
 * {@link Training} scope, and a {@link DropoutScope}, it is the identity. Any shape.
 *
 * <p>A mask is a function of the key alone, and every call in training moves the key on by one. So the masks go on where
 * they were after the model was saved and loaded again. Threads that train one model at once get different masks.
 *
 * @param probability p, that of zeroing an element, 0 to 1
 * @param key the random key of the next mask, an I64 buffer {@code [seed, stream]}
 */
public record Dropout(double probability, Variable key) implements Layer {
    public Dropout {
        Dropout.requireProbability("dropout", probability);
        RandomKey.require("dropout", key);
    }

    /** A layer whose masks come from this key. */
    public static Dropout of(double probability, Rng rng) {
        return new Dropout(probability, RandomKey.of(rng));
    }

    @Override
    public Tensor forward(Tensor x) {
        return isIdle(probability) ? x : Sampling.dropout(x, probability, RandomKey.next(key));
    }

    /** Whether nothing is dropped. */
    static boolean isIdle(double probability) {
        return !DropoutScope.drops() || probability == 0;
    }

    static void requireProbability(String layer, double probability) {
        if (!(probability >= 0 && probability <= 1)) {
            throw ShapeException.of(layer, "not a probability").operand("probability", probability)
                    .expected("0 to 1");
        }
    }
}
