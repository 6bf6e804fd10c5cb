package io.adjoint.nn;

import io.adjoint.autodiff.Tensor;

/**
 * The logarithm of the probabilities along an axis, {@code x - ln sum e^x}; any shape that has the axis.
 *
 * @param axis 0 = outermost, -1 = innermost
 */
public record LogSoftmax(int axis) implements Layer {
    @Override
    public Tensor forward(Tensor x) {
        return x.logSoftmax(axis);
    }
}
