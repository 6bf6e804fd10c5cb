package io.adjoint.autodiff;

/** Where a quotient that is not whole is rounded to. */
public enum Rounding {
    /** Toward zero: the fraction is cut off. */
    TRUNC,
    /** Toward minus infinity. */
    FLOOR
}
