package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Tensor;

/** Which of two opposite vectors is meant, where a decomposition allows both. */
final class Signs {
    private Signs() {}

    /** 1 or -1, the sign of the element of greatest magnitude in each row, the first among equals: {@code [..., k, 1]}. */
    static Tensor ofGreatest(Tensor x) {
        Tensor greatest = x.gather(-1, x.abs().argmax(-1).unsqueeze(-1));
        return greatest.lt(0).where(Tensor.scalar(-1, x.dtype()), Tensor.scalar(1, x.dtype()));
    }
}
