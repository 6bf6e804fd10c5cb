package io.adjoint.autodiff.lane;

/**
 * The regularised incomplete beta function in double with its derivatives by the parameters. Exactly specified: IEEE
 * operations and {@link StrictMath} only.
 *
 * <p>The continued fraction of Abramowitz and Stegun 26.5.8, of the nearer tail, computed as a Taylor series along one
 * direction of (a, b); a mixed derivative follows from three directions. Its steps grow as the root of a and b.
 */
public final class IncompleteBeta {
    /** The highest derivative by the parameters. */
    static final int MOST = 2;

    private static final int STEPS = 20_000;

    private IncompleteBeta() {}

    /**
     * The integral of {@code t^(a - 1) (1 - t)^(b - 1) / B(a, b)} up to x: its derivative of these orders by a and b, together 2
     * at most. NaN unless a and b are above 0 and x is in [0, 1], and where parameters of hundreds of millions take too long.
     */
    public static double incompletebeta(double first, double second, double a, double b, double x) {
        if (!(first >= 0 && second >= 0 && first + second <= MOST && a > 0 && b > 0 && x >= 0 && x <= 1)) {
            return Double.NaN;
        }
        int i = (int) first;
        int j = (int) second;
        if (x == 0 || x == 1) {
            return i + j == 0 ? x : 0;
        } else if (i == 1 && j == 1) {
            return 0.5 * (along(1, 1, 2, a, b, x) - along(1, 0, 2, a, b, x) - along(0, 1, 2, a, b, x));
        }
        return along(Math.min(i, 1), Math.min(j, 1), i + j, a, b, x);
    }

    /** The derivative of this order along {@code (da, db)}. */
    private static double along(int da, int db, int order, double a, double b, double x) {
        if (x > (a + 1) / (a + b + 2)) {
            double other = tail(db, da, order, b, a, 1 - x, x);
            return order == 0 ? 1 - other : -other;
        }
        return tail(da, db, order, a, b, x, 1 - x);
    }

    private static double tail(int da, int db, int order, double a, double b, double x, double rest) {
        double logX = x < 0.5 ? StrictMath.log(x) : StrictMath.log1p(-rest);
        double logRest = x < 0.5 ? StrictMath.log1p(-x) : StrictMath.log(rest);
        int length = order + 1;
        double[] log = new double[length];
        if (length > 1) {
            log[1] = da * (logX - GammaMath.digamma(a + 1)) + db * (logRest - GammaMath.digamma(b))
                    + (da + db) * GammaMath.digamma(a + b);
        }
        if (length > 2) {
            log[2] = 0.5 * ((da + db) * (da + db) * GammaMath.polygamma(1, a + b)
                    - da * GammaMath.polygamma(1, a + 1) - db * GammaMath.polygamma(1, b));
        }
        double[] jet = Jets.times(Jets.exp(log), fraction(da, db, length, a, b, x));
        return Jets.derivative(jet, order) * StrictMath.exp(logFactor(a, b, x, rest, logX, logRest));
    }

    /** {@code ln (x^a (1 - x)^b / (a B(a, b)))}. */
    private static double logFactor(double a, double b, double x, double rest, double logX, double logRest) {
        double sum = a + b;
        if (Math.min(a, b) < IncompleteGamma.STIRLING) {
            return a * logX + b * logRest + GammaMath.lgamma(sum) - GammaMath.lgamma(a + 1) - GammaMath.lgamma(b);
        }
        double away = (b * x - a * rest) / sum; // x - a / (a + b)
        return 0.5 * StrictMath.log(b / (2 * Math.PI * a * sum))
                - a * IncompleteGamma.excess(away * sum / a) - b * IncompleteGamma.excess(-away * sum / b)
                + IncompleteGamma.stirling(sum) - IncompleteGamma.stirling(a) - IncompleteGamma.stirling(b);
    }

    private static double[] fraction(int da, int db, int length, double a, double b, double x) {
        double[] one = Jets.linear(length, 1, 0);
        return Jets.value(new Jets.Fraction() {
            @Override
            public double[] numerator(int n) {
                if (n == 1) {
                    return one;
                }
                int m = (n - 1) / 2;
                double[] above;
                double below;
                if (n % 2 == 1) {
                    above = Jets.linear(length, m * (b - m) * x, m * db * x);
                    below = a + 2 * m - 1;
                } else {
                    above = Jets.times(Jets.linear(length, -(a + m) * x, -da * x),
                            Jets.linear(length, a + b + m, da + db));
                    below = a + 2 * m;
                }
                return Jets.over(Jets.over(above, Jets.linear(length, below, da)),
                        Jets.linear(length, below + 1, da));
            }

            @Override
            public double[] denominator(int n) {
                return one;
            }
        }, length, STEPS);
    }
}
