package io.adjoint.autodiff.function;

/** How {@link Grids#sample} finds a value between the elements of an image. */
public enum SampleMode {
    /** The straight line between two neighbours along each axis. */
    LINEAR,
    /** The nearest element; halves to the even one. */
    NEAREST,
    /** The cubic convolution of four neighbours along each of two axes, with a = -3/4 (R. Keys, 1981). */
    CUBIC
}
