package io.adjoint.optim.train;

import java.util.List;

/**
 * Something that happened in a training; told to {@link Listener}s in this order: one start, then steps, epochs and saves, one end.
 * Where the training is saved, the first save is told before the start, as it is tried before.
 */
public sealed interface Event {
    /**
     * The data were accepted and the first step comes next.
     *
     * @param plan how much there is to do
     * @param step number of steps completed before, by the training that is resumed
     * @param history epochs completed before
     */
    record Started(Plan plan, long step, List<EpochResult> history) implements Event {}

    /**
     * A step was taken.
     *
     * @param plan how much there is to do
     * @param epoch number of its epoch, 0 for the first
     * @param step number of steps completed with it
     * @param loss of its batch, before the step
     * @param examples of its batch
     */
    record StepDone(Plan plan, long epoch, long step, double loss, int examples) implements Event {}

    /**
     * An epoch was completed and validated; its checkpoints come next.
     *
     * @param plan how much there is to do
     * @param result what it came to
     * @param isBest whether no epoch before was as good
     */
    record EpochDone(Plan plan, EpochResult result, boolean isBest) implements Event {}

    /**
     * A checkpoint was saved.
     *
     * @param slot which
     * @param step number of steps completed
     */
    record Saved(CheckpointStore.Slot slot, long step) implements Event {}

    /**
     * The training ended.
     *
     * @param outcome what it came to
     */
    record Ended(Outcome outcome) implements Event {}

    /**
     * How much there is to do.
     *
     * @param epochs in all
     * @param batches of an epoch
     */
    record Plan(long epochs, int batches) {
        /** Number of steps in all. */
        public long steps() {
            return epochs * batches;
        }
    }
}
