package io.adjoint.autodiff;

/** What stands beyond the edge of a padded tensor. */
public enum PadMode {
    /** A constant. */
    CONSTANT,
    /** The elements mirrored at the one on the edge, which is not repeated: {@code c b | a b c | b a}. */
    REFLECT,
    /** The one on the edge: {@code a a | a b c | c c}. */
    REPLICATE,
    /** Those from the other end: {@code b c | a b c | a b}. */
    CIRCULAR
}
