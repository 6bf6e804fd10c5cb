package io.adjoint.optim.data;

/** What becomes of the last examples of an epoch if they are too few for a whole batch. */
public enum Remainder {
    /** They are a smaller batch. */
    KEEP,
    /** They are left out of this epoch, so all batches have one shape. */
    DROP
}
