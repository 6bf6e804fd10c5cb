package io.adjoint.optim.train;

import java.util.List;

/**
 * What a training came to.
 *
 * @param end why it ended
 * @param history all epochs since it was begun, those before a checkpoint included
 */
public record Outcome(End end, List<EpochResult> history) {
    /** Why a training ended. */
    public enum End {
        /** All epochs are done. */
        FINISHED,
        /** It did not become better any more. */
        EARLY,
        /** It was interrupted, and {@link Trainer#resume} goes on from there. */
        INTERRUPTED
    }

    /** Copies the list. */
    public Outcome {
        history = List.copyOf(history);
    }
}
