package io.adjoint.nn;

import io.adjoint.autodiff.Tensor;

/**
 * {@code e^-x / sum e^-x} along an axis: the least element becomes the most probable one; any shape that has the axis.
 *
 * @param axis 0 = outermost, -1 = innermost
 */
public record Softmin(int axis) implements Layer {
    @Override
    public Tensor forward(Tensor x) {
        return x.softmin(axis);
    }
}
