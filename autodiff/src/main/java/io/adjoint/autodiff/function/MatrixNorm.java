package io.adjoint.autodiff.function;

/** What counts as the size of a matrix. */
public enum MatrixNorm {
    /** The root of the sum of squares of all elements; derivative 0 of a matrix of zeros. */
    FROBENIUS,
    /** The sum of the singular values. */
    NUCLEAR,
    /** The greatest singular value: the norm of order 2. */
    SPECTRAL,
    /** The least singular value: order -2. */
    LEAST_SINGULAR,
    /** The greatest sum of magnitudes in a column: order 1. Equals share the gradient. */
    MAX_COLUMN_SUM,
    /** The least sum of magnitudes in a column: order -1. Equals share the gradient. */
    MIN_COLUMN_SUM,
    /** The greatest sum of magnitudes in a row: order infinity. Equals share the gradient. */
    MAX_ROW_SUM,
    /** The least sum of magnitudes in a row: order -infinity. Equals share the gradient. */
    MIN_ROW_SUM
}
