package io.adjoint.autodiff.function;

/** What {@link Grids#sample} finds outside an image. */
public enum Outside {
    /** Zeros. */
    ZEROS,
    /** The nearest element of the border. */
    BORDER,
    /** The image reflected at its border, as often as needed: at the outermost centres or edges, by the {@link Corners}. */
    REFLECTION
}
