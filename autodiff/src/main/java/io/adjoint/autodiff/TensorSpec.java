package io.adjoint.autodiff;

import java.util.Objects;

/** What is known of a tensor before its values: dtype and shape. Prints as {@code F32[32, 128]}. */
public record TensorSpec(DType dtype, Shape shape) {
    public TensorSpec {
        Objects.requireNonNull(dtype, "dtype");
        Objects.requireNonNull(shape, "shape");
    }

    @Override
    public String toString() {
        return dtype.toString() + shape;
    }
}
