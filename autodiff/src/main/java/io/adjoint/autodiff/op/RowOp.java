package io.adjoint.autodiff.op;

/**
 * Operations that a model calls often enough to be worth one pass over each row in cache, with the bits of the
 * composition that they stand for.
 */
public sealed interface RowOp extends Op
        permits Softmax, SoftmaxGradient, LogSoftmax, LogSoftmaxGradient, CrossEntropy, Normalise, NormaliseGradient,
        NormaliseScaleGradient, Moments {
    /** Whether the result may lie where the first input does: only the last step writes it, to the places that it reads. */
    default boolean mayOverwriteFirst() {
        return false;
    }
}
