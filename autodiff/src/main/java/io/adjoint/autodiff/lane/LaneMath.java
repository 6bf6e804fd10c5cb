package io.adjoint.autodiff.lane;

import static io.adjoint.autodiff.lane.DoubleMath.strict;

import io.adjoint.autodiff.lane.Lane.StrictFunction;

/**
 * The mathematical functions as lane expressions of a float dtype: exactly specified sequences of IEEE operations in
 * F32, {@link StrictMath} in F64.
 *
 * <p>Special values are those of {@link StrictMath}: NaN for NaN and outside of the domain, the sign of zero kept by
 * odd functions.
 */
public final class LaneMath {
    private LaneMath() {}

    /** {@code e^x}. */
    public static Lane exp(Lane x) {
        return isSingle(x) ? FloatExp.exp(x) : strict(StrictFunction.EXP, x);
    }

    /** {@link #exp} where x is not positive, with its bits and without the operations for overflow. */
    public static Lane expOfNonPositive(Lane x) {
        return isSingle(x) ? FloatExp.expOfBounded(Lanes.atLeast(x, -104)) : strict(StrictFunction.EXP, x);
    }

    /** {@code e^x - 1}, accurate around 0. */
    public static Lane expm1(Lane x) {
        return isSingle(x) ? FloatExp.expm1(x) : strict(StrictFunction.EXPM1, x);
    }

    /** {@code 2^x}. */
    public static Lane exp2(Lane x) {
        return isSingle(x) ? FloatExp.exp2(x) : DoubleMath.exp2(x);
    }

    /** Natural logarithm. */
    public static Lane log(Lane x) {
        return isSingle(x) ? FloatLog.log(x) : strict(StrictFunction.LOG, x);
    }

    /** {@code log(1 + x)}, accurate around 0. */
    public static Lane log1p(Lane x) {
        return isSingle(x) ? FloatLog.log1p(x) : strict(StrictFunction.LOG1P, x);
    }

    /** Logarithm to base 2. */
    public static Lane log2(Lane x) {
        return isSingle(x) ? FloatLog.log2(x) : DoubleMath.log2(x);
    }

    /** Logarithm to base 10. */
    public static Lane log10(Lane x) {
        return isSingle(x) ? FloatLog.log10(x) : strict(StrictFunction.LOG10, x);
    }

    /** {@code x^y} with all special cases of {@link StrictMath#pow}. */
    public static Lane pow(Lane x, Lane y) {
        return isSingle(x) ? FloatPow.pow(x, y) : strict(StrictFunction.POW, x, y);
    }

    /** Sine of an angle in radians. */
    public static Lane sin(Lane x) {
        return isSingle(x) ? FloatTrig.sin(x) : strict(StrictFunction.SIN, x);
    }

    /** Cosine of an angle in radians. */
    public static Lane cos(Lane x) {
        return isSingle(x) ? FloatTrig.cos(x) : strict(StrictFunction.COS, x);
    }

    /** Tangent of an angle in radians. */
    public static Lane tan(Lane x) {
        return isSingle(x) ? FloatTrig.tan(x) : strict(StrictFunction.TAN, x);
    }

    /** Arc sine. */
    public static Lane asin(Lane x) {
        return isSingle(x) ? FloatArc.asin(x) : strict(StrictFunction.ASIN, x);
    }

    /** Arc cosine. */
    public static Lane acos(Lane x) {
        return isSingle(x) ? FloatArc.acos(x) : strict(StrictFunction.ACOS, x);
    }

    /** Arc tangent. */
    public static Lane atan(Lane x) {
        return isSingle(x) ? FloatArc.atan(x) : strict(StrictFunction.ATAN, x);
    }

    /** The angle of the point (x, y), as {@link StrictMath#atan2}. */
    public static Lane atan2(Lane y, Lane x) {
        return isSingle(y) ? FloatArc.atan2(y, x) : strict(StrictFunction.ATAN2, y, x);
    }

    /** Hyperbolic sine. */
    public static Lane sinh(Lane x) {
        return isSingle(x) ? FloatExp.sinh(x) : strict(StrictFunction.SINH, x);
    }

    /** Hyperbolic cosine. */
    public static Lane cosh(Lane x) {
        return isSingle(x) ? FloatExp.cosh(x) : strict(StrictFunction.COSH, x);
    }

    /** Hyperbolic tangent. */
    public static Lane tanh(Lane x) {
        return isSingle(x) ? FloatSigmoids.tanh(x) : strict(StrictFunction.TANH, x);
    }

    /** {@code 1 / (1 + e^-x)}. */
    public static Lane sigmoid(Lane x) {
        return isSingle(x) ? FloatSigmoids.sigmoid(x) : DoubleMath.sigmoid(x);
    }

    /** {@code log(1 + e^x)}. */
    public static Lane softplus(Lane x) {
        return isSingle(x) ? FloatSigmoids.softplus(x) : DoubleMath.softplus(x);
    }

    /** The error function, {@code 2 / sqrt(pi)} times the integral of {@code e^(-t^2)} from 0 to x. */
    public static Lane erf(Lane x) {
        return isSingle(x) ? FloatSigmoids.erf(x) : DoubleMath.erf(x);
    }

    /** The inverse of {@link #sinh}. */
    public static Lane asinh(Lane x) {
        return isSingle(x) ? FloatArea.asinh(x) : strict(StrictFunction.ASINH, x);
    }

    /** The inverse of {@link #cosh}. */
    public static Lane acosh(Lane x) {
        return isSingle(x) ? FloatArea.acosh(x) : strict(StrictFunction.ACOSH, x);
    }

    /** The inverse of {@link #tanh}. */
    public static Lane atanh(Lane x) {
        return isSingle(x) ? FloatArea.atanh(x) : strict(StrictFunction.ATANH, x);
    }

    /** Cube root. */
    public static Lane cbrt(Lane x) {
        return isSingle(x) ? FloatPow.cbrt(x) : strict(StrictFunction.CBRT, x);
    }

    /** {@code 1 / sqrt(x)}, two correctly rounded operations. */
    public static Lane rsqrt(Lane x) {
        return Lane.constant(x.type(), 1.0).div(x.sqrt());
    }

    /** The greatest whole number that is not greater than x. */
    public static Lane floor(Lane x) {
        return Rounding.floor(x);
    }

    /** The least whole number that is not less than x. */
    public static Lane ceil(Lane x) {
        return Rounding.ceil(x);
    }

    /** The nearest whole number, halves to the even one. */
    public static Lane rint(Lane x) {
        return Rounding.rint(x);
    }

    /** The whole part of x. */
    public static Lane trunc(Lane x) {
        return Rounding.trunc(x);
    }

    /** The nearest whole number, halves away from zero. */
    public static Lane round(Lane x) {
        return Rounding.round(x);
    }

    /** -1, 0 or 1; of a number that is zero or NaN the number itself. For integers too. */
    public static Lane sign(Lane x) {
        Lane zero = Lane.constant(x.type(), 0.0);
        Lane one = Lane.constant(x.type(), 1.0);
        return zero.lt(x).select(one, x.lt(zero).select(one.neg(), x));
    }

    /** The magnitude of {@code magnitude} with the sign bit of {@code sign}. */
    public static Lane copySign(Lane magnitude, Lane sign) {
        return Rounding.copySign(magnitude, sign);
    }

    static boolean isSingle(Lane x) {
        return switch (x.type()) {
            case F32 -> true;
            case F64 -> false;
            case BOOL, I32, I64 -> throw new IllegalArgumentException("no float: " + x.type());
        };
    }
}
