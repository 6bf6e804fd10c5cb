package io.adjoint.autodiff.function;

/** What becomes of elements at the end of an axis that fill no whole window. */
public enum Rounding {
    /** They are left out: the number of windows is rounded down. */
    FLOOR,
    /** They make a last window that reaches beyond the end, unless it would begin in the padding after the image. */
    CEIL
}
