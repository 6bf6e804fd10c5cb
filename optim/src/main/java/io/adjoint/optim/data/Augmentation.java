package io.adjoint.optim.data;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Tensor;

/**
 * A random change of one example, such as a mirrored image, as a function of a key and the example. {@link Batches} give it a
 * key for each epoch and example, so that example i of epoch e is always changed in the same way.
 *
 * <p>{@link Augmentations} has those for images.
 */
@FunctionalInterface
public interface Augmentation {
    /** Examples as they are. */
    Augmentation NONE = (_, example) -> example;

    /**
     * The example changed.
     *
     * @param rng to be used for this call alone
     * @param example the features of one example
     * @return of a shape that is the same for all examples
     */
    Tensor apply(Rng rng, Tensor example);

    /** This, then another one, each with a key of its own. */
    default Augmentation then(Augmentation next) {
        return (rng, example) -> next.apply(rng.stream(1), apply(rng.stream(0), example));
    }
}
