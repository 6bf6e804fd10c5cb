package io.adjoint.autodiff.lane;

/**
 * The error function's relatives in double. Exactly specified: IEEE operations and {@link StrictMath} only.
 *
 * <p>Tails keep their relative precision: {@code e^(-x^2)} is taken of the square as the exact sum of two numbers.
 */
public final class ErrorMath {
    private static final double HALF_ROOT_OF_PI = 0.886226925452758;

    private ErrorMath() {}

    /** {@code 1 - erf x}. */
    public static double erfc(double x) {
        if (Math.abs(x) < 0.5) {
            return 1 - erfNearZero(x);
        }
        double tail = expOfMinus(x, x) * scaled(Math.abs(x));
        return x < 0 ? 2 - tail : tail;
    }

    /** The normal distribution: {@code erfc(-x / sqrt 2) / 2}. */
    public static double ndtr(double x) {
        if (Math.abs(x) < 0.7) {
            return 0.5 + 0.5 * erfNearZero(x * 0.7071067811865476);
        }
        double tail = 0.5 * (expOfMinus(x, 0.5 * x) * scaled(Math.abs(x) * 0.7071067811865476));
        return x > 0 ? 1 - tail : tail;
    }

    /** The derivative of {@code x ndtr(x)}: {@code ndtr(x) + x e^(-x^2 / 2) / sqrt(2 pi)}, with the absolute precision of these around its zero. */
    public static double geluslope(double x) {
        double m = Math.min(Math.abs(x), 40); // beyond, the exponential is 0
        double tail = expOfMinus(m, 0.5 * m) * (0.5 * scaled(m * 0.7071067811865476) - m * 0.3989422804014327);
        return x > 0 ? 1 - tail : tail;
    }

    /** {@code e^(-a b)}. */
    private static double expOfMinus(double a, double b) {
        double high = a * b;
        double low = high < 1e6 ? Math.fma(a, b, -high) : 0;
        return StrictMath.exp(-high) * (1 - low);
    }

    /**
     * {@code e^(x^2) erfc x} for x that is not negative, by a polynomial for {@code (1 + 2 x)} times it in {@code t = (x -
     * 3.75) / (x + 3.75)} (the variable of Shepherd and Laframboise, 1981), interpolated at Chebyshev points in 60 digits.
     */
    private static double scaled(double x) {
        double t = x < 1e300 ? (x - 3.75) / (x + 3.75) : 1;
        return polynomial(t,
                -3.7980647235900285e-11, 4.2433038251096756e-10, 5.485084520083625e-10, -5.169080644815932e-09,
                -4.396921916762906e-09, 3.866242066283792e-08, 2.4301839484503084e-08, -2.586489910718322e-07,
                -5.827501862768691e-08, 1.7516189406943677e-06, -9.728413451815077e-07, -1.1444134389658475e-05,
                2.238390827660038e-05, 5.1649093885821704e-05, -0.0002901539781378384, 0.0002937136669846131,
                0.0017556258321915355, -0.009746579558275152, 0.02836227742154398, -0.05869339858961116,
                0.09230432116019638, -0.10880393014175023, 0.08227673849015109, 0.0035854154854644583,
                -0.14024059858554702, 1.2375126308378275) / (1 + 2 * x);
    }

    /** The inverse of erf: infinite at -1 and 1, NaN beyond. */
    public static double erfinv(double x) {
        double magnitude = Math.abs(x);
        if (!(magnitude < 1)) {
            return magnitude == 1 ? Math.copySign(Double.POSITIVE_INFINITY, x) : Double.NaN;
        }
        double rest = 1 - magnitude;
        double y = magnitude < 0.1 ? magnitude * HALF_ROOT_OF_PI * (1 + Math.PI / 12 * magnitude * magnitude)
                : guess(StrictMath.log(rest * (1 + magnitude)));
        for (int step = 0; step < 3; step++) {
            // Halley's step for erf y = x; above a half by the complement, which keeps the digits of 1 - x
            double excess = magnitude < 0.5 ? erfNearZero(y) - magnitude : rest - erfc(y);
            double newton = excess * HALF_ROOT_OF_PI / expOfMinus(y, y);
            y -= newton / (1 + y * newton);
        }
        return Math.copySign(y, x);
    }

    /** Within 0.2 per cent, from {@code ln (1 - x^2)} (Winitzki, 2008). */
    private static double guess(double log) {
        double a = 0.147;
        double half = 2 / (Math.PI * a) + log / 2;
        return Math.sqrt(Math.sqrt(half * half - log / a) - half);
    }

    /** The Taylor series, for magnitudes up to a half. */
    private static double erfNearZero(double x) {
        double square = x * x;
        double sum = 0;
        double term = x / HALF_ROOT_OF_PI;
        for (int k = 0; k < 14; k++) {
            sum += term / (2 * k + 1);
            term *= -square / (k + 1);
        }
        return sum;
    }

    /** Horner's scheme; the coefficient of the highest power comes first. */
    static double polynomial(double x, double... coefficients) {
        double sum = coefficients[0];
        for (int i = 1; i < coefficients.length; i++) {
            sum = Math.fma(sum, x, coefficients[i]);
        }
        return sum;
    }
}
