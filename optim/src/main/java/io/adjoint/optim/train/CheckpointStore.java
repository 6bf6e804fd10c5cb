package io.adjoint.optim.train;

import io.adjoint.nn.Module;
import java.util.Map;
import java.util.Optional;

/**
 * Where a training keeps its checkpoints, such as {@code CheckpointFolder} of {@code io.adjoint.serialization}. A save that fails
 * says why in an exception of one sentence, and leaves the checkpoint that was there before.
 */
public interface CheckpointStore {
    /** Which checkpoint. */
    enum Slot {
        /** The whole state of the training, to go on from: model, optimizer, position in the data, counts. */
        LAST,
        /** The model of the best epoch. */
        BEST
    }

    /**
     * Saves every variable of a tree, in place of what the slot held.
     *
     * @param notes text that goes with it
     */
    void save(Slot slot, Module state, Map<String, String> notes);

    /**
     * Gives the variables of a tree of the same paths the values saved.
     *
     * @return the notes, empty if nothing was saved in this slot, and the tree is unchanged then
     */
    Optional<Map<String, String>> load(Slot slot, Module state);
}
