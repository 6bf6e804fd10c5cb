package io.adjoint.autodiff.reference;

import io.adjoint.autodiff.DType;
import java.util.stream.Stream;

/** Where the reference itself is off by more than the tolerance: what, by how much, and why that is certain. */
enum KnownError {
    /**
     * The slope in the middle is 1/6. PyTorch multiplies by the float nearest to it in float64 too: every stored gradient
     * divided by its cotangent is 0.1666666716337204, so it is off by |6 (float) (1.0 / 6) - 1| = 2.98e-8 of itself.
     */
    SLOPE_OF_HARDSIGMOID("hardsigmoid", Part.GRADIENT, DType.F64, Math.abs(6.0 * (float) (1.0 / 6) - 1)),

    /**
     * PyTorch takes the trigamma function of x from its asymptotic series in x + 6 and leaves out the term {@code 1 / (30 (x +
     * 6)^9)} and those that follow. Below a half it reflects, so x is a half or more, and the error at most 1.6e-9 of a
     * cotangent, which is below 3; the stored gradients differ by just that term from trigamma in 30 digits.
     */
    TRIGAMMA_IN_GRADIENT("digamma", Part.GRADIENT, DType.F64, 3 / (30 * Math.pow(6.5, 9))),

    /** The same function, times a cotangent and a vector. */
    TRIGAMMA_IN_SECOND_ORDER("lgamma", Part.HESSIAN_VECTOR_PRODUCT, DType.F64, 9 / (30 * Math.pow(6.5, 9)));

    private final String function;
    private final Part part;
    private final DType dtype;
    private final double error;

    KnownError(String function, Part part, DType dtype, double error) {
        this.function = function;
        this.part = part;
        this.dtype = dtype;
        this.error = error;
    }

    /** The error that the reference is known to have, 0 if none. */
    static double of(ReferenceCase reference, Part part, DType dtype) {
        return Stream.of(values())
                .filter(known -> known.function.equals(reference.function()) && known.part == part
                        && known.dtype == dtype)
                .mapToDouble(known -> known.error).max().orElse(0);
    }
}
