package io.adjoint.autodiff.function;

/** Which points of two grids coincide: an element of an image is a square, whose centre has its value. */
public enum Corners {
    /** The outer edges of the outermost squares, as {@code align_corners=False}. */
    EDGES,
    /** The centres of the outermost squares, as {@code align_corners=True}. */
    CENTRES
}
