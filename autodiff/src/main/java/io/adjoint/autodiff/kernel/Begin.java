package io.adjoint.autodiff.kernel;

/** Where the sums of a product begin. */
public enum Begin {
    /** At +0: the result is the product. */
    ZERO,
    /** At what the result holds: the product is added to it, one factor of each sum after the other. */
    RESULT
}
