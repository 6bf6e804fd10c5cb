package io.adjoint.autodiff.kernel;

/** What a product that is done again and again may keep in the order in which it reads it. */
public enum Keeping {
    /** Nothing: both factors may be others each time. */
    NOTHING,
    /** The right factor, which changes only where a program claims to write it. */
    RIGHT
}
