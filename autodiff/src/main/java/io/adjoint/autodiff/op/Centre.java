package io.adjoint.autodiff.op;

/** What is subtracted from the elements of a row before they are divided by their root mean square. */
public enum Centre {
    /** Their mean: layer normalisation. */
    MEAN,
    /** Nothing: RMS normalisation. */
    ZERO
}
