package io.adjoint.autodiff.lane;

/** Polynomials as chains of fused multiply-adds. */
final class Polynomial {
    private Polynomial() {}

    /** Horner's scheme in the dtype of {@code x}; the coefficient of the highest power comes first. */
    static Lane horner(Lane x, double... coefficients) {
        Lane sum = Lane.constant(x.type(), coefficients[0]);
        for (int i = 1; i < coefficients.length; i++) {
            sum = sum.fma(x, coefficients[i]);
        }
        return sum;
    }
}
