package io.adjoint.nn.norm;

/** What a layer learns to apply to what it normalised. */
public enum Scaling {
    /** Nothing. */
    NONE,
    /** A weight to multiply with, which begins as ones. */
    WEIGHT,
    /** A weight, and a bias to add, which begins as zeros: {@code affine} in PyTorch. */
    WEIGHT_AND_BIAS
}
