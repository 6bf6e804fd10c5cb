package io.adjoint.autodiff.lane;

/**
 * Truncated Taylor series as arrays of coefficients, the constant first: a function computed with them comes with its
 * derivatives, {@code f^(k) / k!} at place k.
 */
final class Jets {
    private static final double GREAT = 0x1p300;

    private Jets() {}

    static double[] times(double[] f, double[] g) {
        double[] product = new double[f.length];
        for (int k = 0; k < f.length; k++) {
            for (int j = 0; j <= k; j++) {
                product[k] += f[j] * g[k - j];
            }
        }
        return product;
    }

    static double[] over(double[] f, double[] g) {
        double[] quotient = new double[f.length];
        for (int k = 0; k < f.length; k++) {
            double rest = f[k];
            for (int j = 0; j < k; j++) {
                rest -= quotient[j] * g[k - j];
            }
            quotient[k] = rest / g[0];
        }
        return quotient;
    }

    /** The exponential of a series without a constant. */
    static double[] exp(double[] f) {
        double[] power = new double[f.length];
        power[0] = 1;
        for (int k = 1; k < f.length; k++) {
            for (int j = 1; j <= k; j++) {
                power[k] += j * f[j] * power[k - j] / k;
            }
        }
        return power;
    }

    /** {@code constant + slope e}. */
    static double[] linear(int length, double constant, double slope) {
        double[] series = new double[length];
        series[0] = constant;
        if (length > 1) {
            series[1] = slope;
        }
        return series;
    }

    /** The derivative, one coefficient shorter. */
    static double[] derivative(double[] f) {
        double[] slope = new double[f.length - 1];
        for (int k = 0; k < slope.length; k++) {
            slope[k] = (k + 1) * f[k + 1];
        }
        return slope;
    }

    /** The derivative of this order at the point itself. */
    static double derivative(double[] f, int order) {
        double value = f[order];
        for (int k = 2; k <= order; k++) {
            value *= k;
        }
        return value;
    }

    /** The n-th partial numerator and denominator of a continued fraction, from 1 on. */
    interface Fraction {
        double[] numerator(int n);

        double[] denominator(int n);
    }

    /**
     * {@code a1 / (b1 + a2 / (b2 + ...))} by the recurrences of its convergents, with its derivatives; NaN where so many steps
     * do not come to an end.
     */
    static double[] value(Fraction fraction, int length, int steps) {
        double[] before = linear(length, 1, 0); // numerators A, then denominators B
        double[] top = new double[length];
        double[] belowBefore = new double[length];
        double[] below = linear(length, 1, 0);
        double value = 0;
        int last = 0;
        double[] earlier = new double[length];
        for (int n = 1; n <= steps; n++) {
            double[] a = fraction.numerator(n);
            if (isZero(a)) {
                return over(top, below);
            }
            double[] b = fraction.denominator(n);
            double[] nextTop = sum(times(top, b), times(before, a));
            double[] nextBelow = sum(times(below, b), times(belowBefore, a));
            before = top;
            top = nextTop;
            belowBefore = below;
            below = nextBelow;
            double size = Math.abs(below[0]);
            // negative numerators make convergents shrink, and the next one might grow beyond all numbers
            if (size > GREAT || size < 1 / GREAT || Math.abs(b[0]) > GREAT) {
                double[] scale = linear(length, Math.scalb(0.5, -Math.getExponent(size)), 0);
                before = times(before, scale);
                top = times(top, scale);
                belowBefore = times(belowBefore, scale);
                below = times(below, scale);
            }
            double next = top[0] / below[0];
            if (last == 0 && n > 2 && Math.abs(next - value) <= 0x1p-51 * Math.abs(next)) {
                // derivatives come as near some steps later, and much later where a whole number ends the fraction itself
                last = length == 1 ? n : 2 * n + 400;
            }
            if (last > 0) {
                double[] series = over(top, below);
                if (n == last || isNear(series, earlier)) {
                    return series;
                }
                earlier = series;
            }
            value = next;
        }
        return linear(length, Double.NaN, Double.NaN);
    }

    static double[] sum(double[] f, double[] g) {
        double[] sum = new double[f.length];
        for (int k = 0; k < f.length; k++) {
            sum[k] = f[k] + g[k];
        }
        return sum;
    }

    private static boolean isZero(double[] f) {
        for (double coefficient : f) {
            if (coefficient != 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNear(double[] f, double[] g) {
        for (int k = 0; k < f.length; k++) {
            if (!(Math.abs(f[k] - g[k]) <= 0x1p-51 * Math.abs(f[k]))) {
                return false;
            }
        }
        return true;
    }
}
