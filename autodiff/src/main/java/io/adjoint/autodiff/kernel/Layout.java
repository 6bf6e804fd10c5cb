package io.adjoint.autodiff.kernel;

/** How an input lies along the columns of a loop: each combination has a loop of its own, emitted when first met. */
public enum Layout {
    /** One element after the other. */
    UNIT,
    /** The same element in every column. */
    SPLAT,
    /** Any other distance. */
    STRIDED;

    static Layout of(int stride) {
        return switch (stride) {
            case 1 -> UNIT;
            case 0 -> SPLAT;
            default -> STRIDED;
        };
    }
}
