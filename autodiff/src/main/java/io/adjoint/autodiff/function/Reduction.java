package io.adjoint.autodiff.function;

import io.adjoint.autodiff.Tensor;

/** How the losses of single examples or elements become one. */
public enum Reduction {
    /** They stay as they are. */
    NONE,
    /** Their mean, a scalar; NaN if there are none. */
    MEAN,
    /** Their sum, a scalar. */
    SUM,
    /** Their sum divided by the extent of axis 0, the number of examples; a scalar. A scalar counts as one example. */
    BATCH_MEAN;

    /** The losses joined. */
    public Tensor of(Tensor losses) {
        return switch (this) {
            case NONE -> losses;
            case MEAN -> losses.mean();
            case SUM -> losses.sum();
            case BATCH_MEAN -> losses.rank() == 0 ? losses : losses.sum().div(losses.dim(0));
        };
    }
}
