package io.adjoint.optim.train;

import io.adjoint.autodiff.ShapeException;
import java.util.Objects;
import java.util.Optional;

/**
 * Where and when checkpoints are saved.
 *
 * @param store where, if anywhere
 * @param every number of steps between those that are saved within an epoch; 0 for none but at its end
 */
public record Saving(Optional<CheckpointStore> store, int every) {
    /** Nothing is saved. */
    public static final Saving NONE = new Saving(Optional.empty(), 0);

    public Saving {
        Objects.requireNonNull(store, "store");
        if (every < 0) {
            throw ShapeException.of("saving", "a negative number of steps").operand("every", every)
                    .expected("0 or more");
        }
    }

    /** At the end of each epoch. */
    public static Saving in(CheckpointStore store) {
        return new Saving(Optional.of(store), 0);
    }

    /** The same, and also within epochs, for long ones. */
    public Saving withEvery(int steps) {
        return new Saving(store, steps);
    }

    boolean isDue(long step) {
        return every > 0 && step % every == 0;
    }
}
