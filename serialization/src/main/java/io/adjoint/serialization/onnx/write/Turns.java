package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Tensor;

/** Sine and cosine of half turns, whose arguments are reduced exactly; of the sine alone, which ONNX Runtime has in double. */
final class Turns {
    private Turns() {}

    /** {@code sin(pi x)}: zero at whole numbers, NaN for infinity. */
    static Tensor sin(Tensor x) {
        Tensor nearest = x.round();
        return signed(nearest, x.sub(nearest).mul(Math.PI).sin());
    }

    /** {@code cos(pi x)}: zero at halves, NaN for infinity. */
    static Tensor cos(Tensor x) {
        Tensor nearest = x.round();
        return signed(nearest, x.sub(nearest).abs().rsub(0.5).mul(Math.PI).sin());
    }

    private static Tensor signed(Tensor nearest, Tensor value) {
        Tensor half = nearest.mul(0.5);
        return half.eq(half.floor()).where(value, value.neg());
    }
}
