package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Tensor;

/** Polynomials. */
final class Polynomial {
    private Polynomial() {}

    /** By Horner's scheme; the coefficient of the highest power comes first. */
    static Tensor of(Tensor x, double... coefficients) {
        Tensor sum = x.mul(coefficients[0]).add(coefficients[1]);
        for (int i = 2; i < coefficients.length; i++) {
            sum = sum.mul(x).add(coefficients[i]);
        }
        return sum;
    }
}
