package io.adjoint.autodiff.function;

/** The half of a square matrix that counts; the other half is not read. */
public enum Triangle {
    /** The elements on and below the diagonal. */
    LOWER,
    /** The elements on and above the diagonal. */
    UPPER,
    /** The elements below the diagonal, which counts as ones. */
    UNIT_LOWER,
    /** The elements above the diagonal, which counts as ones. */
    UNIT_UPPER
}
