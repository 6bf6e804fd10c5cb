package io.adjoint.autodiff.lane;

/**
 * Functions in double that have a derivative of the same family: the modified Bessel functions and the derivatives of the
 * normalised sinc. Exactly specified: IEEE operations and {@link StrictMath} only.
 */
public final class SeriesMath {
    /** The highest order. */
    static final int MOST = 200;

    private static final double ENOUGH = 0x1p-60;

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
        double z = Math.PI * Math.abs(x);
        boolean isSmall = z < (order == 0 ? 1e-4 : order + 1);
        double value = isSmall ? series(order, z) : forward(order, Math.abs(x), z);
        double scaled = value * StrictMath.pow(Math.PI, order);
        return x < 0 && order % 2 != 0 ? -scaled : scaled;
    }

    private static boolean isOutside(double order) {
        return !(order >= 0 && order <= MOST);
    }

    /** The Taylor series of the derivative, for small z. */
    private static double series(double order, double z) {
        int least = ((int) order + 1) / 2;
        double term = order % 2 == 0 ? 1 : z;
        double sum = 0;
        for (int k = least; k < least + 60 && term != 0; k++) {
            sum += (k % 2 == 0 ? term : -term) / (2 * k + 1);
            double power = 2 * k - order;
            term *= z * z / ((power + 1) * (power + 2));
        }
        return sum;
    }

    /** From {@code z f^(n) + n f^(n - 1) = sin^(n) z}, upwards. */
    private static double forward(double order, double x, double z) {
        double value = Turns.sin(x) / z;
        for (int n = 1; n <= order; n++) {
            double sine = n % 2 == 0 ? Turns.sin(x) : Turns.cos(x);
            value = ((n % 4 < 2 ? sine : -sine) - n * value) / z;
        }
        return value;
    }
}
