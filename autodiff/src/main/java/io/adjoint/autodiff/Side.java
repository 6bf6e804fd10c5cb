package io.adjoint.autodiff;

/** Where a value that is in a sorted sequence already would be put: beside its equals. */
public enum Side {
    /** Before the first of them. */
    LEFT,
    /** Behind the last of them. */
    RIGHT
}
