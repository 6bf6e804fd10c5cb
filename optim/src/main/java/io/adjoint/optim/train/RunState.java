package io.adjoint.optim.train;

import io.adjoint.nn.Module;

/**
 * All that a training has to remember, as one tree.
 *
 * @param model with its random keys and statistics
 * @param optimizer with its steps, moments, averages and rates
 * @param data the next batch, and the key of the order
 * @param tally what the loop counts
 */
record RunState(Module model, Module optimizer, Walk data, Tally tally) implements Module {
    /** Lets the variables hold what the loop holds. */
    void write() {
        data.write();
        tally.write();
    }

    /** Lets the loop go on from what the variables hold. */
    void read() {
        data.read();
        tally.read();
    }
}
