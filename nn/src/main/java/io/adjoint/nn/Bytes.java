package io.adjoint.nn;

import io.adjoint.autodiff.TensorSpec;

/** Sizes of tensors. */
final class Bytes {
    private Bytes() {}

    static long of(TensorSpec spec) {
        return (long) spec.shape().size() * spec.dtype().bytes();
    }
}
