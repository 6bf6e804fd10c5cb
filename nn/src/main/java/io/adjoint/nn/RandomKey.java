package io.adjoint.nn;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;

/**
 * The random key of a layer: a buffer {@code [seed, stream]} that every use moves on by one. What is drawn is a function of
 * the key alone, so it goes on where it was after the model was saved and loaded again. For layers of one's own as well.
 */
public final class RandomKey {
    private static final Tensor NEXT = Tensor.of(new long[] {0, 1});

    private RandomKey() {}

    /** A key that begins with this one. */
    public static Variable of(Rng rng) {
        // A stream of its own, so that counting upwards from there meets no other layer's numbers.
        return Variable.buffer(rng.stream(0).key());
    }

    /**
     * Refuses what is no key.
     *
     * @param layer its name in the message
     * @throws ShapeException if the variable is not an I64 {@code [seed, stream]}
     */
    public static void require(String layer, Variable key) {
        if (!key.spec().equals(NEXT.spec())) {
            throw ShapeException.of(layer, "not a random key").operand("key", key.spec())
                    .expected(NEXT.spec() + ", a seed and a stream");
        }
    }

    /** The current key, which nobody else gets; in a {@link DropoutScope} its own one, and the buffer stays. */
    public static Tensor next(Variable key) {
        if (DropoutScope.isActive()) {
            return DropoutScope.next(key.value());
        }
        synchronized (key) {
            Tensor current = key.value();
            key.set(current.add(NEXT));
            return current;
        }
    }
}
