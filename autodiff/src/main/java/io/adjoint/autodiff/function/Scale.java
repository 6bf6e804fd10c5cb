package io.adjoint.autodiff.function;

/** By which ratio places are computed where an image is resized by a factor. */
public enum Scale {
    /** The factor as given, even if the new extent is not just that many times the old one. */
    GIVEN,
    /** The ratio of the two extents. */
    OF_EXTENTS
}
