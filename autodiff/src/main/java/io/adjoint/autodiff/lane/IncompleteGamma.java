package io.adjoint.autodiff.lane;

/**
 * The regularised incomplete gamma functions in double, their derivatives by the parameter, and the inverse. Exactly
 * specified: IEEE operations and {@link StrictMath} only.
 *
 * <p>With {@code h = x^a e^-x / gamma(a)}, the density of the logarithm, the lower one is {@code P = h / a} times a series of
 * positive terms (below a + 1; Abramowitz and Stegun 6.5.29), the upper one {@code Q = h} times a continued fraction (above;
 * 6.5.31). For a above 1000 both factors are integrals {@code int e^(a s - x (e^s - 1)) ds} over s below or above 0, taken by
 * Gauss and Legendre over the stretch where they are not negligible. All three are computed as Taylor series in a.
 */
public final class IncompleteGamma {
    /** The highest derivative by the parameter. */
    static final int MOST = 3;

    /** Parameters above it are integrated. */
    private static final double LARGE = 1000;

    /** Parameters from it on have a logarithm of gamma whose large terms can be cancelled by hand. */
    static final double STIRLING = 12;

    private static final int STEPS = 20_000;

    private static final double[] NODES = new double[32];
    private static final double[] WEIGHTS = new double[32];

    static {
        int n = NODES.length;
        for (int i = 0; i < n; i++) {
            double x = StrictMath.cos(Math.PI * (i + 0.75) / (n + 0.5));
            double slope = 0;
            for (int newton = 0; newton < 10; newton++) {
                double before = 1;
                double value = x;
                for (int k = 2; k <= n; k++) {
                    double next = ((2 * k - 1) * x * value - (k - 1) * before) / k;
                    before = value;
                    value = next;
                }
                slope = n * (x * value - before) / (x * x - 1);
                x -= value / slope;
            }
            NODES[i] = 0.5 * (1 + x);
            WEIGHTS[i] = 1 / ((1 - x * x) * slope * slope);
        }
    }

    private IncompleteGamma() {}

    /**
     * The integral of {@code t^(a - 1) e^-t / gamma(a)} up to x, or from x on if {@code upper} is not 0: its derivative by a of
     * this order, 0 to 3. NaN unless a is above 0 and x at least 0.
     */
    public static double incompletegamma(double upper, double order, double a, double x) {
        if (!(order >= 0 && order <= MOST && a > 0 && x >= 0)) {
            return Double.NaN;
        }
        int n = (int) order;
        boolean isAbove = x >= a + 1;
        if (x == 0 || Double.isInfinite(x) || Double.isInfinite(a)) {
            return n == 0 && (upper != 0) == (x < a) ? 1 : 0;
        }
        double y = StrictMath.log(x);
        double[] jet = Jets.times(factor(isAbove, n + 1, a, x), growth(isAbove, n + 1, a, y));
        double value = Jets.derivative(jet, n) * StrictMath.exp(logDensity(isAbove, a, x, y));
        return (upper != 0) == isAbove ? value : n == 0 ? 1 - value : -value;
    }

    /**
     * How the logarithm y of a number moves with a so that its P(a, e^y) stays: {@code -(dP/da) / (dP/dy)}; its derivative by a
     * of this order, 0 to 3.
     */
    public static double gammaslope(double order, double a, double y) {
        if (!(order >= 0 && order <= MOST && a > 0 && a < Double.POSITIVE_INFINITY && y < 700)) {
            return Double.NaN;
        }
        double x = StrictMath.exp(y);
        int n = (int) order;
        boolean isAbove = x >= a + 1;
        // (f h)' / h = f' + f (ln h)': far from a the series of h itself has great terms, which would cancel
        double[] factor = factor(isAbove, n + 2, a, x);
        double[] slope = Jets.sum(Jets.derivative(factor),
                Jets.times(Jets.derivative(logGrowth(isAbove, n + 2, a, y)), factor));
        return isAbove ? Jets.derivative(slope, n)
                : -Jets.derivative(Jets.over(slope, Jets.linear(slope.length, a, 1)), n);
    }

    /**
     * The y with {@code P(a, e^y) = p}, by Newton's method on the logarithm of P or of 1 - P, both of which are concave in y, so
     * that it converges from either side.
     */
    public static double loggammaquantile(double a, double p) {
        if (!(a > 0 && a < Double.POSITIVE_INFINITY && p >= 0 && p <= 1)) {
            return Double.NaN;
        } else if (p == 0 || p == 1) {
            return p == 0 ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        boolean upper = p > 0.5;
        double wanted = upper ? StrictMath.log1p(-p) : StrictMath.log(p);
        double y = start(a, p);
        for (int i = 0; i < 100; i++) {
            double x = StrictMath.exp(y);
            boolean isAbove = x >= a + 1;
            double factor = factor(isAbove, 1, a, x)[0];
            double density = logDensity(isAbove, a, x, y);
            double log = density + StrictMath.log(factor);
            double share = factor / (isAbove ? 1 : a); // of the wanted part in the density
            if (upper != isAbove) {
                double rest = StrictMath.exp(log);
                share *= (1 - rest) / rest;
                log = StrictMath.log1p(-rest);
            }
            double step = (upper ? log - wanted : wanted - log) * share;
            y += Math.clamp(step, -2 - 2 / a, 2);
            if (!(Math.abs(step) > 0x1p-52 * (Math.abs(y) + Math.min(1, 1 / a)))) {
                break;
            }
        }
        return y;
    }

    /** Wilson and Hilferty's cube of a normal number, or the left tail, where P is nearly {@code x^a / gamma(a + 1)}. */
    private static double start(double a, double p) {
        double cube = 1 - 1 / (9 * a) + StrictMath.sqrt(2 / (9 * a)) * ErrorMath.erfinv(2 * p - 1);
        return a >= 1 && cube > 0.2 ? StrictMath.log(a) + 3 * StrictMath.log(cube)
                : (StrictMath.log(p) + GammaMath.lgamma(a + 1)) / a;
    }

    /** {@code ln h}, below a + 1 that of {@code h / a}. */
    private static double logDensity(boolean isAbove, double a, double x, double y) {
        double log = a < STIRLING ? a * y - x - GammaMath.lgamma(isAbove ? a : a + 1)
                : 0.5 * StrictMath.log(a / (2 * Math.PI)) - a * excess((x - a) / a) - stirling(a);
        return isAbove || a < STIRLING ? log : log - StrictMath.log(a);
    }

    /** {@code d - ln(1 + d)}. */
    static double excess(double d) {
        if (!(Math.abs(d) < 0.5)) {
            return d - StrictMath.log1p(d);
        }
        double r = d / (2 + d);
        double power = r;
        double sum = 0;
        for (int k = 3; k < 41; k += 2) {
            power *= r * r;
            sum += power / k;
        }
        return r * d - 2 * sum;
    }

    /** What {@code ln gamma(a)} has beyond {@code (a - 1/2) ln a - a + ln(2 pi) / 2}, for a from {@link #STIRLING} on. */
    static double stirling(double a) {
        double r = 1 / (a * a);
        return (1.0 / 12 - r * (1.0 / 360 - r * (1.0 / 1260 - r * (1.0 / 1680
                - r * (1.0 / 1188 - r * (691.0 / 360360 - r / 156)))))) / a;
    }

    /** {@code h(a + e) / h(a)} as a series in e, below a + 1 of {@code h / a}. */
    private static double[] growth(boolean isAbove, int length, double a, double y) {
        return Jets.exp(logGrowth(isAbove, length, a, y));
    }

    /** The logarithm of it. */
    private static double[] logGrowth(boolean isAbove, int length, double a, double y) {
        double[] log = new double[length];
        double c = isAbove ? a : a + 1;
        double factorial = 1;
        for (int k = 1; k < length; k++) {
            factorial *= k;
            log[k] = k == 1 ? y - GammaMath.digamma(c) : -GammaMath.polygamma(k - 1, c) / factorial;
        }
        return log;
    }

    /** What stands beside the density. */
    private static double[] factor(boolean isAbove, int length, double a, double x) {
        if (a > LARGE) {
            double[] integral = integral(isAbove, length, a, x);
            return isAbove ? integral : Jets.times(integral, Jets.linear(length, a, 1));
        }
        return isAbove ? fraction(length, a, x) : series(length, a, x);
    }

    private static double[] series(int length, double a, double x) {
        double[] term = Jets.linear(length, 1, 0);
        double[] sum = term.clone();
        for (int n = 1; n < STEPS; n++) {
            boolean isOver = true;
            for (int k = 0; k < length; k++) {
                term[k] = (x * term[k] - (k == 0 ? 0 : term[k - 1])) / (a + n);
                sum[k] += term[k];
                isOver &= !(Math.abs(term[k]) > 0x1p-56 * Math.abs(sum[k]));
            }
            if (isOver) {
                break;
            }
        }
        return sum;
    }

    private static double[] fraction(int length, double a, double x) {
        return Jets.value(new Jets.Fraction() {
            @Override
            public double[] numerator(int n) {
                return n == 1 ? Jets.linear(length, 1, 0)
                        : Jets.linear(length, (n - 1) * (a - (n - 1)), n - 1);
            }

            @Override
            public double[] denominator(int n) {
                return Jets.linear(length, x + (2 * n - 1) - a, -1);
            }
        }, length, STEPS);
    }

    private static double[] integral(boolean isAbove, int length, double a, double x) {
        double away = isAbove ? x - a : a - x;
        double end = Math.abs(away + StrictMath.sqrt(away * away + 90 * x));
        double stretch = (isAbove ? 90 : -90) / end;
        double[] integral = new double[length];
        for (int i = 0; i < NODES.length; i++) {
            double s = stretch * NODES[i];
            double value = WEIGHTS[i] * Math.abs(stretch) * StrictMath.exp((a - x) * s - x * beyond(s));
            for (int k = 0; k < length; k++) {
                integral[k] += value;
                value *= s / (k + 1);
            }
        }
        return integral;
    }

    /** {@code e^s - 1 - s}. */
    private static double beyond(double s) {
        if (Math.abs(s) > 0.1) {
            return StrictMath.expm1(s) - s;
        }
        double sum = 1;
        for (int k = 12; k > 2; k--) {
            sum = 1 + sum * s / k;
        }
        return sum * s * s / 2;
    }
}
