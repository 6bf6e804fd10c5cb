package io.adjoint.autodiff.lane;

/**
 * Functions in double that have a derivative of the same family: the modified Bessel functions and the derivatives of the
 * normalised sinc. Exactly specified: IEEE operations and {@link StrictMath} only.
 */
public final class SeriesMath {
    /** The highest order. */
    static final int MOST = 200;

    private static final double ENOUGH = 0x1p-60;

    /** What pi is above its double, as a part of it: a power of pi feels it. */
    private static final double REST_OF_PI = 3.8981718325193755e-17;

    private SeriesMath() {}

    /** The modified Bessel function of the first kind of a whole order from 0 to 200; NaN for infinity. */
    public static double besseli(double order, double x) {
        double magnitude = Math.abs(x);
        double value = Double.isInfinite(x) || isOutside(order) ? Double.NaN
                : magnitude > 20 + order * order ? asymptotic(order, magnitude) : ascending(order, magnitude);
        return x < 0 && order % 2 != 0 ? -value : value;
    }

    /** {@code sum of (x/2)^(2k + n) / (k! (k + n)!)}, whose terms are all positive (Abramowitz and Stegun 9.6.10). */
    private static double ascending(double order, double x) {
        double term = 1;
        for (int k = 1; k <= order; k++) {
            term *= x / (2 * k);
        }
        double square = x * x / 4;
        double sum = term;
        for (double k = 1; term > ENOUGH * sum; k++) {
            term *= square / (k * (k + order));
            sum += term;
        }
        return term == Double.POSITIVE_INFINITY ? term : sum + (Double.isNaN(x) ? x : 0);
    }

    /** {@code e^x / sqrt(2 pi x)} times a series in {@code 1 / x} (Abramowitz and Stegun 9.7.1). */
    private static double asymptotic(double order, double x) {
        double mu = 4 * order * order;
        double term = 1;
        double sum = 1;
        for (double k = 1; k < 40 && Math.abs(term) > ENOUGH; k++) {
            term *= -(mu - (2 * k - 1) * (2 * k - 1)) / (8 * k * x);
            sum += term;
        }
        double root = StrictMath.exp(x / 2); // e^x overflows before the result does
        return root * (sum / Math.sqrt(2 * Math.PI * x)) * root;
    }

    /** The derivative of a whole order from 0 to 200 of {@code sin(pi x) / (pi x)}; NaN for infinity. */
    public static double sinc(double order, double x) {
        if (Double.isInfinite(x) || isOutside(order)) {
            return Double.NaN;
        }
        double magnitude = Math.abs(x);
        double z = Math.PI * magnitude;
        boolean isSmall = z < (order == 0 ? 1e-4 : order + 1);
        double value = isSmall ? backward((int) order, magnitude, z) : forward(order, magnitude, z);
        double power = StrictMath.pow(Math.PI, order);
        double scaled = value * (power + power * (order * REST_OF_PI));
        return x < 0 && order % 2 != 0 ? -scaled : scaled + 0.0; // a slope at 0 is 0, not -0
    }

    private static boolean isOutside(double order) {
        return !(order >= 0 && order <= MOST);
    }

    /**
     * From {@code z f^(n) + n f^(n - 1) = sin^(n) z}, downwards: an error shrinks by {@code z / n} in each step, so that 0 will
     * do for a derivative of a high order. A Taylor series would cancel, its terms being as great as {@code e^z}.
     */
    private static double backward(int order, double x, double z) {
        int start = order;
        for (double error = 1; error > ENOUGH * Math.min(1, z);) {
            start++;
            error *= z / start;
        }
        double sin = Turns.sin(x);
        double cos = Turns.cos(x);
        double value = 0;
        for (int n = start; n > order; n--) {
            value = (sineSlope(n, sin, cos) - z * value) / n;
        }
        return value;
    }

    /** The same recurrence upwards. */
    private static double forward(double order, double x, double z) {
        double sin = Turns.sin(x);
        double cos = Turns.cos(x);
        double value = sin / z;
        for (int n = 1; n <= order; n++) {
            value = (sineSlope(n, sin, cos) - n * value) / z;
        }
        return value;
    }

    /** The n-th derivative of the sine. */
    private static double sineSlope(int n, double sin, double cos) {
        double wave = n % 2 == 0 ? sin : cos;
        return n % 4 < 2 ? wave : -wave;
    }
}
