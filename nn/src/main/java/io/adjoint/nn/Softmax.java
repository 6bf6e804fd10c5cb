package io.adjoint.nn;

import io.adjoint.autodiff.Tensor;

/**
 * The elements along an axis as probabilities, {@code e^x / sum e^x}; any shape that has the axis. For training with
 * {@link io.adjoint.autodiff.function.Losses#crossEntropy} give it the logits themselves.
 *
 * @param axis 0 = outermost, -1 = innermost
 */
public record Softmax(int axis) implements Layer {
    @Override
    public Tensor forward(Tensor x) {
        return x.softmax(axis);
    }
}
