package io.adjoint.autodiff.function;

/** How a value between the elements of an image follows from its neighbours. */
public enum Interpolation {
    /** The element at {@code floor(o * n / m)}. */
    NEAREST,
    /** The element whose centre is nearest, {@code floor((o + 1/2) * n / m)}. */
    NEAREST_EXACT,
    /** The straight line between two neighbours along each axis: linear, bilinear or trilinear. */
    LINEAR,
    /** The cubic convolution of four neighbours along each axis, with a = -3/4 (R. Keys, 1981). */
    CUBIC,
    /** The mean of the elements that a new one covers, see {@link AdaptivePooling#average}. */
    AREA
}
