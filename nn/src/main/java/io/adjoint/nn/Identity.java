package io.adjoint.nn;

import io.adjoint.autodiff.Tensor;

/**
 * The input as it is, {@code y = x}; any shape and dtype. It stands where a layer is wanted but nothing is to be done.
 */
public record Identity() implements Layer {
    @Override
    public Tensor forward(Tensor x) {
        return x;
    }
}
