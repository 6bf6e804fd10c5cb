package io.adjoint.autodiff.lane;

import static io.adjoint.autodiff.lane.ErrorMath.polynomial;

/**
 * The gamma function's logarithm and its derivatives in double. Exactly specified: IEEE operations and {@link StrictMath}
 * only.
 *
 * <p>Between 1 and 2 there are polynomials (interpolated at Chebyshev points in 60 digits) that factor out the zeros, from
 * 10 or 13 on the asymptotic series, between them the recurrence, and below zero the reflection (Abramowitz and Stegun,
 * chapter 6).
 */
public final class GammaMath {
    /** The zero of digamma as the sum of two numbers. */
    private static final double ROOT = 1.4616321449683622;

    private static final double ROOT_REST = 9.549995429965697e-17;

    /** {@code B(2k) / (2k)!} for k = 1, 2, ...: the weights of the Euler-Maclaurin sum. */
    private static final double[] WEIGHTS = {0.08333333333333333, -0.001388888888888889, 3.306878306878307e-05,
        -8.267195767195768e-07, 2.08767569878681e-08, -5.284190138687493e-10, 1.3382536530684679e-11,
        -3.3896802963225827e-13, 8.586062056277845e-15, -2.174868698558062e-16, 5.5090028283602295e-18,
        -1.3954464685812522e-19};

    private GammaMath() {}

    /** {@code ln |gamma(x)|}, infinite at 0 and the negative whole numbers. */
    public static double lgamma(double x) {
        if (Double.isNaN(x) || x == Double.POSITIVE_INFINITY) {
            return x;
        } else if (x <= 0) {
            return x == Math.floor(x) ? Double.POSITIVE_INFINITY
                    : -StrictMath.log(Math.abs(Turns.sin(x)) / Math.PI) - lgamma(1 - x);
        } else if (x < 1) {
            return x * (x - 1) * lgammaFactor(x - 0.5) - StrictMath.log(x);
        } else if (x < 13) {
            double product = 1;
            while (x > 3) {
                x -= 1;
                product *= x;
            }
            if (x > 2) {
                return (x - 2) * (x - 3) * lgammaFactor(x - 2.5) + StrictMath.log(product * (x - 1));
            }
            return (x - 1) * (x - 2) * lgammaFactor(x - 1.5);
        } else if (x > 1e17) {
            return x * (StrictMath.log(x) - 1);
        }
        double r = 1 / x;
        double series = r * polynomial(r * r, 0.00641025641025641, -0.0019175269175269176, 0.0008417508417508417,
                -0.0005952380952380953, 0.0007936507936507937, -0.002777777777777778, 0.08333333333333333);
        return (x - 0.5) * StrictMath.log(x) - x + 0.9189385332046727 + series;
    }

    /** {@code ln gamma(x) / ((x - 1) (x - 2))} at {@code x = u + 1.5} in [1, 2]. */
    private static double lgammaFactor(double u) {
        return polynomial(u,
                5.1046182161001864e-06, -7.970873319492813e-06, 5.129828644815147e-06, -8.07952925042159e-06,
                1.734263784459851e-05, -2.7356444761067124e-05, 4.1635136148902716e-05, -6.609271409301556e-05,
                0.00010564474884131882, -0.00016892719402703723, 0.00027127505354773154, -0.00043799193485690124,
                0.0007115223848906008, -0.0011644146716071257, 0.0019229161355079497, -0.003212074069736748,
                0.005446457844650585, -0.009425622448625905, 0.016797098631185916, -0.031308487501009494,
                0.06291140107456494, -0.14595989591430608, 0.4831289505409809);
    }

    /** The derivative of {@link #lgamma}: minus infinity at +0, infinity at -0, NaN at the negative whole numbers. */
    public static double digamma(double x) {
        if (x == 0) {
            return Math.copySign(Double.POSITIVE_INFINITY, -x);
        } else if (x < 0) {
            return x == Math.floor(x) ? Double.NaN : digamma(1 - x) - Math.PI * Turns.cos(x) / Turns.sin(x);
        } else if (x < 1) {
            return ((x - (ROOT - 1)) - ROOT_REST) * digammaFactor(x - 0.5) - 1 / x;
        } else if (x < 10) {
            double sum = 0;
            while (x > 2) {
                x -= 1;
                sum += 1 / x;
            }
            return ((x - ROOT) - ROOT_REST) * digammaFactor(x - 1.5) + sum;
        }
        double r = 1 / x;
        double square = r * r;
        double series = square * polynomial(square, -0.4432598039215686, 0.08333333333333333, -0.021092796092796094,
                0.007575757575757576, -0.004166666666666667, 0.003968253968253968, -0.008333333333333333,
                0.08333333333333333);
        return StrictMath.log(x) - 0.5 * r - series;
    }

    /** {@code digamma(x) / (x - root)} at {@code x = u + 1.5} in [1, 2]. */
    private static double digammaFactor(double u) {
        return polynomial(u,
                0.00011881232908510335, -0.0001782188548855923, 9.653646261410062e-05, -0.00014480643368061614,
                0.00032395945401345196, -0.00048595039220036254, 0.0006909255761282986, -0.0010364584817312839,
                0.0015633696313653504, -0.0023454947397380833, 0.003518106563802472, -0.005279937255532708,
                0.007927021796868154, -0.011908220105959716, 0.017907248317313294, -0.026975796659787055,
                0.040760833940846085, -0.06192213327548831, 0.09498872445289039, -0.14840492305388092,
                0.24054248424078697, -0.4236274212814606, 0.9510558760318328);
    }

    /**
     * The derivative of digamma of a whole order from 1 to 200, {@code (-1)^(n + 1) n! sum over k >= 0 of (x + k)^-(n + 1)}:
     * infinite at 0 and the negative whole numbers, with the sign that it has to their right.
     */
    public static double polygamma(double order, double x) {
        if (!(order >= 1 && order <= SeriesMath.MOST)) {
            return Double.NaN;
        }
        double factorial = 1;
        for (int k = 2; k <= order; k++) {
            factorial *= k;
        }
        double sign = order % 2 == 0 ? -1 : 1;
        double power = order + 1;
        if (x > 0 || Double.isNaN(x)) {
            return sign * factorial * zeta(power, x);
        } else if (x == Double.NEGATIVE_INFINITY) {
            return Double.NaN;
        }
        double r = x - Math.rint(x);
        if (r == 0) {
            return sign * Double.POSITIVE_INFINITY;
        }
        // the sum over all whole numbers k has the period 1; what it has below k = 0 is taken away; (-1)^power is the sign
        double all = StrictMath.pow(r, -power) + zeta(power, 1 + r) + sign * zeta(power, 1 - r);
        return sign * factorial * (all - sign * zeta(power, 1 - x));
    }

    /** {@code sum over k >= 0 of (q + k)^-s} for positive q and whole s above 1, by Euler and Maclaurin. */
    private static double zeta(double s, double q) {
        double sum = 0;
        double a = q;
        double enough = 10 + s / 2;
        while (a < enough) {
            sum += StrictMath.pow(a, -s);
            a += 1;
        }
        if (Double.isInfinite(a)) {
            return 0;
        }
        double power = StrictMath.pow(a, -s);
        sum += power * (a / (s - 1)) + 0.5 * power;
        double factor = s / a;
        for (int j = 0; j < WEIGHTS.length; j++) {
            sum += power * (WEIGHTS[j] * factor);
            factor *= (s + 2 * j + 1) / a * ((s + 2 * j + 2) / a);
        }
        return sum;
    }
}
