package io.adjoint.optim.train;

import io.adjoint.nn.Module;
import io.adjoint.optim.data.Cursor;
import io.adjoint.optim.data.Position;

/**
 * All that a training has to remember, as one tree.
 *
 * @param model with its random keys and statistics
 * @param optimizer with its steps, moments, averages and rates
 * @param data the next batch, and the key of the order
 * @param tally what the loop counts
 */
record RunState(Module model, Module optimizer, Cursor data, Tally tally) implements Module {
    /** Number of steps completed at a position. */
    static long steps(Position position, int batchesPerEpoch) {
        return position.epoch() * batchesPerEpoch + position.batch();
    }
}
