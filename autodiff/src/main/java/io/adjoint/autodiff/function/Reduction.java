package io.adjoint.autodiff.function;

import io.adjoint.autodiff.Tensor;

/** How the losses of single examples or elements become one. */
public enum Reduction {
    /** They stay as they are. */
    NONE,
    /** Their mean, a scalar; NaN if there are none. */
    MEAN,
    /** Their sum, a scalar. */
    SUM;

    /** The losses joined. */
    public Tensor of(Tensor losses) {
        return switch (this) {
            case NONE -> losses;
            case MEAN -> losses.mean();
            case SUM -> losses.sum();
        };
    }
}
