package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Tensor;

/** Rows and columns of matrices at places that are known in the run only. */
final class MatrixParts {
    private MatrixParts() {}

    /** {@code [..., m, n] -> [..., m, 1]}; the place is an I64 scalar. */
    static Tensor column(Tensor x, Tensor place) {
        return x.gather(-1, place.expand(x.shape().with(-1, 1)));
    }

    /** {@code [..., m, n] -> [..., 1, n]}; the place is an I64 scalar. */
    static Tensor row(Tensor x, Tensor place) {
        return x.gather(-2, place.expand(x.shape().with(-2, 1)));
    }

    /** {@code [..., m, n] -> [..., k, n]} for places {@code [..., k, 1]}. */
    static Tensor rows(Tensor x, Tensor places) {
        return x.gather(-2, places.expand(x.shape().with(-2, places.dim(-2))));
    }

    /** Numbers of rows: {@code [m, 1]}. */
    static Tensor down(int m) {
        return Tensor.range(m).unsqueeze(1);
    }

    /** Numbers of columns: {@code [n]}. */
    static Tensor across(int n) {
        return Tensor.range(n);
    }
}
