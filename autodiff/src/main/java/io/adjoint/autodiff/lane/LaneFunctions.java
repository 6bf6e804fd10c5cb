package io.adjoint.autodiff.lane;

import static io.adjoint.autodiff.lane.DoubleMath.strict;
import static io.adjoint.autodiff.lane.LaneMath.isSingle;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.lane.Lane.StrictFunction;

/**
 * Special functions, and functions of two numbers, as lane expressions: sequences of IEEE operations in F32 where a function
 * is popular, else the function in F64, rounded. Integers are divided and raised to powers exactly.
 */
public final class LaneFunctions {
    private LaneFunctions() {}

    /** {@code 1 - erf x}, with the relative precision of the tail. */
    public static Lane erfc(Lane x) {
        return isSingle(x) ? FloatNormal.erfc(x) : strict(StrictFunction.ERFC, x);
    }

    /** The inverse of {@link LaneMath#erf}. */
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

    /** The derivative of {@link #gelu}: {@code ndtr(x) + x e^(-x^2 / 2) / sqrt(2 pi)}. */
    public static Lane geluSlope(Lane x) {
        return isSingle(x) ? FloatNormal.geluSlope(x) : strict(StrictFunction.GELUSLOPE, x);
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

    /** {@code x - tanh(x)}, without the cancellation around 0. */
    public static Lane tanhshrink(Lane x) {
        return isSingle(x) ? FloatSigmoids.tanhshrink(x) : DoubleMath.tanhshrink(x);
    }

    /** {@code log(x / (1 - x))}, accurate around a half. */
    public static Lane logit(Lane x) {
        return isSingle(x) ? FloatArea.logit(x) : strict(StrictFunction.LOGIT, x);
    }

    /** {@code -x log(x)}: 0 at 0, minus infinity below. */
    public static Lane entr(Lane x) {
        Lane zero = Lane.constant(x.type(), 0.0);
        Lane edge = x.lt(zero).select(Lane.constant(x.type(), Double.NEGATIVE_INFINITY), x.abs());
        return zero.lt(x).select(x.mul(LaneMath.log(x)).neg(), edge);
    }

    /** {@code log(e^a + e^b)}. */
    public static Lane logaddexp(Lane a, Lane b) {
        Lane more = LaneMath.softplus(a.sub(b).abs().neg());
        Lane same = Lane.constant(a.type(), 0.6931471805599453);
        return a.max(b).add(a.eq(b).select(same, more)); // the difference of equal infinities is NaN
    }

    /** {@code log2(2^a + 2^b)}. */
    public static Lane logaddexp2(Lane a, Lane b) {
        Lane more = LaneMath.log1p(LaneMath.exp2(a.sub(b).abs().neg())).mul(1.4426950408889634);
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
        return vanishes.select(zero, x.mul(LaneMath.log(y)));
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

    /** The regularised incomplete gamma function, from x on if {@code upper}: its derivative by a of this order. */
    public static Lane incompleteGamma(boolean upper, int order, Lane a, Lane x) {
        return inDouble(StrictFunction.INCOMPLETEGAMMA, number(upper ? 1 : 0), number(order), a, x);
    }

    /** How the logarithm of a number moves with a while the incomplete gamma function stays: its derivative of this order. */
    public static Lane gammaSlope(int order, Lane a, Lane y) {
        return inDouble(StrictFunction.GAMMASLOPE, number(order), a, y);
    }

    /** The logarithm of the number whose incomplete gamma function is p. */
    public static Lane logGammaQuantile(Lane a, Lane p) {
        return inDouble(StrictFunction.LOGGAMMAQUANTILE, a, p);
    }

    /** The regularised incomplete beta function: its derivative of these orders by a and b. */
    public static Lane incompleteBeta(int first, int second, Lane a, Lane b, Lane x) {
        return inDouble(StrictFunction.INCOMPLETEBETA, number(first), number(second), a, b, x);
    }

    private static Lane number(int value) {
        return Lane.constant(DType.F64, (double) value);
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
        return a.type().isFloat() ? LaneMath.trunc(a.div(b)) : IntegerMath.truncDivide(a, b);
    }

    /**
     * {@code x^y} as C and IEEE 754 have it: as {@link LaneMath#pow}, but 1 to any power is 1, and so is -1 to an infinite one.
     * Powers of integers are integers.
     */
    public static Lane power(Lane x, Lane y) {
        if (!x.type().isFloat()) {
            return IntegerMath.pow(x, y);
        }
        Lane one = Lane.constant(x.type(), 1.0);
        Lane infinite = y.abs().eq(Lane.constant(x.type(), Double.POSITIVE_INFINITY));
        Lane isOne = x.eq(one).or(x.eq(one.neg()).and(infinite));
        return isOne.select(one, LaneMath.pow(x, y));
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
}
