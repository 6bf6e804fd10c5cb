package io.adjoint.autodiff;

/** Which element stands first. A NaN is greater than every number, and equals every NaN; -0 equals 0. */
public enum SortOrder {
    /** The least first. */
    ASCENDING,
    /** The greatest first. */
    DESCENDING
}
