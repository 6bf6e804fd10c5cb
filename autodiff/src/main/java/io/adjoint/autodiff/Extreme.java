package io.adjoint.autodiff;

/** Which elements are chosen. A NaN is greater than every number. */
public enum Extreme {
    /** The greatest ones. */
    LARGEST,
    /** The least ones. */
    SMALLEST
}
