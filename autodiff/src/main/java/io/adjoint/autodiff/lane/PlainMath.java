package io.adjoint.autodiff.lane;

/** Functions in double that {@link StrictMath} lacks and that follow from it by cases. */
public final class PlainMath {
    private static final double LN2 = 0.6931471805599453;
    private static final double HUGE = 0x1p28;

    private PlainMath() {}

    /** The inverse of the hyperbolic sine. */
    public static double asinh(double x) {
        double a = Math.abs(x);
        double value = a > HUGE ? StrictMath.log(a) + LN2 : StrictMath.log1p(a + a * a / (1 + Math.sqrt(a * a + 1)));
        return Math.copySign(value, x);
    }

    /** The inverse of the hyperbolic cosine, NaN below 1. */
    public static double acosh(double x) {
        double t = x - 1;
        return x > HUGE ? StrictMath.log(x) + LN2
                : x < 1 ? Double.NaN : StrictMath.log1p(t + Math.sqrt(2 * t + t * t));
    }

    /** The inverse of the hyperbolic tangent: infinite at -1 and 1, NaN beyond. */
    public static double atanh(double x) {
        double a = Math.abs(x);
        return Math.copySign(0.5 * StrictMath.log1p(2 * a / (1 - a)), x);
    }

    /** {@code ln (x / (1 - x))}: infinite at 0 and 1, NaN beyond. */
    public static double logit(double x) {
        return x > 0.25 && x < 0.75 ? 2 * atanh(2 * x - 1) : StrictMath.log(x / (1 - x));
    }

    /** What is left of x after whole multiples of y, with the sign of x; exact. */
    public static double fmod(double x, double y) {
        return x % y;
    }

    /** What is left of x after whole multiples of y, with the sign of y. */
    public static double remainder(double x, double y) {
        double rest = x % y;
        return rest != 0 && rest < 0 != y < 0 ? rest + y : rest;
    }

    /** The greatest whole number not above {@code x / y}, which is consistent with {@link #remainder}. */
    public static double floordivide(double x, double y) {
        if (y == 0) {
            return x / y;
        }
        double rest = x % y;
        double quotient = (x - rest) / y;
        if (rest != 0 && rest < 0 != y < 0) {
            quotient -= 1;
        }
        double floor = Math.floor(quotient);
        return quotient == 0 ? Math.copySign(0, x / y) : quotient - floor > 0.5 ? floor + 1 : floor;
    }
}
