package io.adjoint.optim.train;

import io.adjoint.optim.schedule.Plateau;

/**
 * Is told what happens in a training, on its thread. What it throws ends the training.
 *
 * {@snippet :
 * Listener stairs = event -> {
 *     if (event instanceof Event.EpochDone(var plan, var result, var isBest)) {
 *         System.out.println(result);
 *     }
 * };
 * }
 */
@FunctionalInterface
public interface Listener {
    /** Something happened. */
    void on(Event event);

    /**
     * Whether this changes variables of the model or of the optimizer after an epoch. A training that is run again to explain a NaN
     * begins behind it then, and what it changed is looked at before it is saved.
     */
    default boolean changesVariables() {
        return false;
    }

    /**
     * Shows a rate that is lowered on a plateau the figure of each epoch. The rate is part of the optimizer, so it is saved with
     * it.
     */
    static Listener observing(Plateau rate, String figure) {
        return new Listener() {
            @Override
            public void on(Event event) {
                if (event instanceof Event.EpochDone done) {
                    rate.observe(done.result().figure(figure));
                }
            }

            @Override
            public boolean changesVariables() {
                return true;
            }
        };
    }
}
