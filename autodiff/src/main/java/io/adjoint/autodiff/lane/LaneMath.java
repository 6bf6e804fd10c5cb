package io.adjoint.autodiff.lane;

import static io.adjoint.autodiff.lane.DoubleMath.strict;

import io.adjoint.autodiff.DType;
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

    /** {@code 1 - erf x}, with the relative precision of the tail. */
    public static Lane erfc(Lane x) {
        return isSingle(x) ? FloatNormal.erfc(x) : strict(StrictFunction.ERFC, x);
    }

    /** The inverse of {@link #erf}. */
    public static Lane erfinv(Lane x) {
        return inDouble(StrictFunction.ERFINV, x);
    }

    /** The distribution function of the normal distribution, with the relative precision of the tail. */
    public static Lane ndtr(Lane x) {
        return isSingle(x) ? FloatNormal.ndtr(x) : strict(StrictFunction.NDTR, x);
    }

    /** {@code x ndtr(x)}. */
    public static Lane gelu(Lane x) {
        return isSingle(x) ? FloatNormal.gelu(x) : x.mul(strict(StrictFunction.NDTR, x));
    }

    /** {@code x sigmoid(x (c + d x^2))} with the c and d that come near to {@link #gelu}. */
    public static Lane geluTanh(Lane x) {
        return isSingle(x) ? FloatGates.geluTanh(x) : DoubleMath.geluTanh(x);
    }

    /** {@code x sigmoid(x)}. */
    public static Lane silu(Lane x) {
        return isSingle(x) ? FloatGates.silu(x) : x.mul(DoubleMath.sigmoid(x));
    }

    /** {@code x tanh(softplus(x))}. */
    public static Lane mish(Lane x) {
        return isSingle(x) ? FloatGates.mish(x) : DoubleMath.mish(x);
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

    /** {@code log(x / (1 - x))}, accurate around a half. */
    public static Lane logit(Lane x) {
        return isSingle(x) ? FloatArea.logit(x) : strict(StrictFunction.LOGIT, x);
    }

    /** {@code -x log(x)}: 0 at 0, minus infinity below. */
    public static Lane entr(Lane x) {
        Lane zero = Lane.constant(x.type(), 0.0);
        Lane edge = x.lt(zero).select(Lane.constant(x.type(), Double.NEGATIVE_INFINITY), x.abs());
        return zero.lt(x).select(x.mul(log(x)).neg(), edge);
    }

    /** {@code log(e^a + e^b)}. */
    public static Lane logaddexp(Lane a, Lane b) {
        Lane more = softplus(a.sub(b).abs().neg());
        Lane same = Lane.constant(a.type(), 0.6931471805599453);
        return a.max(b).add(a.eq(b).select(same, more)); // the difference of equal infinities is NaN
    }

    /** {@code log2(2^a + 2^b)}. */
    public static Lane logaddexp2(Lane a, Lane b) {
        Lane more = log1p(exp2(a.sub(b).abs().neg())).mul(1.4426950408889634);
        return a.max(b).add(a.eq(b).select(Lane.constant(a.type(), 1.0), more));
    }

    /** {@code sqrt(x^2 + y^2)} without overflow in between. */
    public static Lane hypot(Lane x, Lane y) {
        return inDouble(StrictFunction.HYPOT, x, y);
    }

    /** {@code x log(y)}: 0 where x is 0, unless y is NaN. */
    public static Lane xlogy(Lane x, Lane y) {
        Lane zero = Lane.constant(x.type(), 0.0);
        Lane vanishes = x.eq(zero).and(y.isNaN().not());
        return vanishes.select(zero, x.mul(log(y)));
    }

    /** {@code sin(pi x) / (pi x)}: the derivative of this order. */
    public static Lane sinc(int order, Lane x) {
        return inDouble(StrictFunction.SINC, order, x);
    }

    /** The logarithm of the magnitude of the gamma function. */
    public static Lane lgamma(Lane x) {
        return inDouble(StrictFunction.LGAMMA, x);
    }

    /** The derivative of {@link #lgamma}. */
    public static Lane digamma(Lane x) {
        return inDouble(StrictFunction.DIGAMMA, x);
    }

    /** The derivative of {@link #digamma} of this order, from 1 on. */
    public static Lane polygamma(int order, Lane x) {
        return inDouble(StrictFunction.POLYGAMMA, order, x);
    }

    /** The modified Bessel function of the first kind. */
    public static Lane besseli(int order, Lane x) {
        return inDouble(StrictFunction.BESSELI, order, x);
    }

    /** The rest of a division whose quotient is cut to a whole number; integers too, a divisor of zero is excluded. */
    public static Lane fmod(Lane a, Lane b) {
        return a.type().isFloat() ? inDouble(StrictFunction.FMOD, a, b) : IntegerMath.fmod(a, b);
    }

    /** The rest of a division whose quotient is rounded down; integers too, a divisor of zero is excluded. */
    public static Lane remainder(Lane a, Lane b) {
        return a.type().isFloat() ? inDouble(StrictFunction.REMAINDER, a, b) : IntegerMath.remainder(a, b);
    }

    /** The quotient rounded down; integers too, a divisor of zero is excluded. */
    public static Lane floorDivide(Lane a, Lane b) {
        return a.type().isFloat() ? inDouble(StrictFunction.FLOORDIVIDE, a, b) : IntegerMath.floorDivide(a, b);
    }

    /** The quotient cut to a whole number; integers too, a divisor of zero is excluded. */
    public static Lane truncDivide(Lane a, Lane b) {
        return a.type().isFloat() ? trunc(a.div(b)) : IntegerMath.truncDivide(a, b);
    }

    /**
     * {@code x^y} as C and IEEE 754 have it: as {@link #pow}, but 1 to any power is 1, and so is -1 to an infinite one.
     * Powers of integers are integers.
     */
    public static Lane power(Lane x, Lane y) {
        if (!x.type().isFloat()) {
            return IntegerMath.pow(x, y);
        }
        Lane one = Lane.constant(x.type(), 1.0);
        Lane infinite = y.abs().eq(Lane.constant(x.type(), Double.POSITIVE_INFINITY));
        Lane isOne = x.eq(one).or(x.eq(one.neg()).and(infinite));
        return isOne.select(one, pow(x, y));
    }

    /** Rare and difficult functions are computed in F64 for both float dtypes. */
    private static Lane inDouble(StrictFunction function, Lane... arguments) {
        Lane[] wide = arguments.clone();
        for (int i = 0; i < wide.length; i++) {
            wide[i] = arguments[i].convert(DType.F64);
        }
        return strict(function, wide).convert(arguments[arguments.length - 1].type());
    }

    private static Lane inDouble(StrictFunction function, int order, Lane x) {
        return strict(function, Lane.constant(DType.F64, (double) order), x.convert(DType.F64)).convert(x.type());
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

    private static boolean isSingle(Lane x) {
        return switch (x.type()) {
            case F32 -> true;
            case F64 -> false;
            case BOOL, I32, I64 -> throw new IllegalArgumentException("no float: " + x.type());
        };
    }
}
