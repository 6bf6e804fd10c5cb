package io.adjoint.optim.transform;

import io.adjoint.autodiff.Tensor;

/** No element is below 0: {@code max(p, 0)}. */
public record NonNegative() implements Projection {
    @Override
    public Tensor project(Tensor value) {
        return value.clampMin(0);
    }
}
