package io.adjoint.serialization;

/** What becomes of the contents that a save replaces. */
public enum Previous {
    /** They are gone. */
    DISCARD,
    /**
     * They stay in a file beside it whose name ends in {@code .previous}, in place of what that held. The file itself is
     * there, whole, at every moment.
     */
    KEEP
}
