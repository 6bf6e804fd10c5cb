package io.adjoint.autodiff.reference;

import io.adjoint.autodiff.DType;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Where the reference itself is off by more than the tolerance: what, in which cases, by how much as derived and as measured,
 * and why that is certain. A named case may be off by what was measured. The cause is in every case of the function, and more cases
 * exist than are in hand: one that has no name here may be as far off as derived.
 */
enum KnownError {
    /**
     * The slope in the middle is 1/6. PyTorch multiplies by the float nearest to it in float64 too: every stored gradient
     * divided by its cotangent is 0.1666666716337204, so it is off by |6 (float) (1.0 / 6) - 1| = 2.98e-8 of itself.
     */
    SLOPE_OF_HARDSIGMOID("hardsigmoid", Part.GRADIENT, DType.F64, Math.abs(6.0 * (float) (1.0 / 6) - 1),
            Map.of("hardsigmoid-0001", 5.69e-9, "hardsigmoid-0003", 1.043e-8)),

    /**
     * PyTorch takes the trigamma function of x from its asymptotic series in x + 6 and leaves out the term {@code 1 / (30 (x +
     * 6)^9)} and those that follow. Below a half it reflects, so x is a half or more, and the error at most 1.6e-9 of a
     * cotangent, which is below 3; the stored gradients differ by just that term from trigamma in 30 digits.
     */
    TRIGAMMA_IN_GRADIENT("digamma", Part.GRADIENT, DType.F64, 3 / (30 * Math.pow(6.5, 9)),
            Map.of("digamma-0000", 4.861e-10, "digamma-0003", 1.556e-10)),

    /** The same function, times a cotangent and a vector; no case in hand is beyond the tolerance. */
    TRIGAMMA_IN_SECOND_ORDER("lgamma", Part.HESSIAN_VECTOR_PRODUCT, DType.F64, 9 / (30 * Math.pow(6.5, 9)), Map.of()),

    /**
     * The slope below 0 is e^z for {@code z = x / alpha}. PyTorch divides by alpha as a float in float64 too, which is off by
     * a relative r that is 0 for alphas that a float holds: the slope is off by at most {@code r (1 - z) e^z}, which is r at
     * most, times a cotangent, which is below 3. No case in hand has such an alpha.
     */
    DIVISOR_OF_CELU("celu", Part.GRADIENT, DType.F64, KnownError::roundingOfAlpha, 3, Map.of()),

    /** The slope of that, off by at most {@code r (2 - z) e^z / alpha}, times a cotangent and a vector. */
    DIVISOR_OF_CELU_IN_SECOND_ORDER("celu", Part.HESSIAN_VECTOR_PRODUCT, DType.F64,
            reference -> 2 * roundingOfAlpha(reference) / Math.abs(alpha(reference)), 9, Map.of());

    private final String function;
    private final Part part;
    private final DType dtype;
    private final ToDoubleFunction<ReferenceCase> error;
    private final double factor;
    private final Map<String, Double> measured;

    KnownError(String function, Part part, DType dtype, double error, Map<String, Double> measured) {
        this(function, part, dtype, _ -> error, 1, measured);
    }

    KnownError(String function, Part part, DType dtype, ToDoubleFunction<ReferenceCase> error, double factor,
            Map<String, Double> measured) {
        this.function = function;
        this.part = part;
        this.dtype = dtype;
        this.error = error;
        this.factor = factor;
        this.measured = measured;
    }

    /** What is compared. */
    Part part() {
        return part;
    }

    /** The dtype in which the error shows. */
    DType dtype() {
        return dtype;
    }

    /** The cases in which it exceeds the tolerance, with the error measured there. */
    Map<String, Double> measured() {
        return measured;
    }

    private static double alpha(ReferenceCase reference) {
        return reference.arguments(DType.F64).number("alpha", 1);
    }

    private static double roundingOfAlpha(ReferenceCase reference) {
        return Math.abs(alpha(reference) / (float) alpha(reference) - 1);
    }

    /** The entries that speak about the case's function. */
    static Stream<KnownError> of(ReferenceCase reference) {
        return Stream.of(values()).filter(known -> known.function.equals(reference.function()));
    }

    /** The error that the reference is known to have, 0 if none. */
    static double of(ReferenceCase reference, Part part, DType dtype) {
        return of(reference).filter(known -> known.part == part && known.dtype == dtype)
                .mapToDouble(known -> known.allowed(reference)).max().orElse(0);
    }

    private double allowed(ReferenceCase reference) {
        return Optional.ofNullable(measured.get(reference.id())).map(error -> 1.01 * error)
                .orElseGet(() -> factor * error.applyAsDouble(reference));
    }
}
