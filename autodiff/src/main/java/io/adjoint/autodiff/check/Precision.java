package io.adjoint.autodiff.check;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;

/**
 * How far a central difference steps, and how far the gradient may then be off.
 *
 * <p>A step h brings a truncation error of {@code h^2 f''' / 6} and a rounding error of {@code eps f / h}; the sum is least
 * near {@code h = eps^(1/3)}, where it is about {@code eps^(2/3)}: 4e-11 in F64, 2e-5 in F32, for functions of scale 1.
 * The tolerances leave room for third derivatives far above the function's own scale, and remain far below what a wrong
 * rule does.
 *
 * @param step added to and subtracted from inputs, times a direction with elements of size 0.5 to 1
 * @param tolerance relative difference
 */
public record Precision(double step, double tolerance) {
    /** For float64: the step is 2^-17. */
    public static final Precision F64 = new Precision(0x1p-17, 1e-6);

    /** For float32: the step is 2^-8. Only gross errors stand out. */
    public static final Precision F32 = new Precision(0x1p-8, 1e-2);

    public Precision {
        if (!(step > 0) || !(tolerance > 0)) {
            throw ShapeException.of("gradient check", "not a precision").operand("step", step)
                    .operand("tolerance", tolerance).expected("numbers above 0");
        }
    }

    static Precision of(DType dtype) {
        return dtype == DType.F32 ? F32 : F64;
    }
}
