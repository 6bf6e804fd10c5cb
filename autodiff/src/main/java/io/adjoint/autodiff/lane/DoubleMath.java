package io.adjoint.autodiff.lane;

import static io.adjoint.autodiff.lane.Lanes.polynomial;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.lane.Lane.Strict;
import io.adjoint.autodiff.lane.Lane.StrictFunction;
import java.util.List;

/** The functions in F64 that {@link StrictMath} lacks, composed of those that it has. */
final class DoubleMath {
    private static final double SMALLEST_NORMAL = 0x1p-1022;
    private static final double LOG2_E = 1.4426950408889634;

    private DoubleMath() {}

    static Lane strict(StrictFunction function, Lane... arguments) {
        return new Strict(function, List.of(arguments));
    }

    /** {@code 2^x} as a power: exact where x is whole. */
    static Lane exp2(Lane x) {
        return strict(StrictFunction.POW, Lane.constant(DType.F64, 2.0), x);
    }

    /** The exponent plus the logarithm of the significand in [0.75, 1.5): exact for powers of two, sharp around one. */
    static Lane log2(Lane x) {
        Lane subnormal = x.lt(SMALLEST_NORMAL);
        Lane scaled = subnormal.select(x.mul(0x1p54), x);
        long least = Double.doubleToRawLongBits(0.75);
        Lane offset = scaled.bits(DType.I64).sub(Lane.constant(DType.I64, least));
        Lane exponent = offset.shr(52);
        Lane significand =
                offset.sub(exponent.shl(52)).add(Lane.constant(DType.I64, least)).bits(DType.F64);
        Lane whole = exponent.convert(DType.F64).sub(subnormal.select(DType.F64, 54, 0));
        Lane log = strict(StrictFunction.LOG, significand).mul(LOG2_E).add(whole);
        Lane isPositive = Lane.constant(DType.F64, 0.0).lt(x);
        Lane isFinite = x.lt(Double.POSITIVE_INFINITY);
        // 0, negative numbers, infinity and NaN: the natural logarithm is already right.
        return isPositive.and(isFinite).select(log, strict(StrictFunction.LOG, x));
    }

    /** {@code 1 / (1 + e^-x)} with the exponential of a negative number only, which cannot overflow. */
    static Lane sigmoid(Lane x) {
        Lane e = strict(StrictFunction.EXP, x.abs().neg());
        Lane one = Lane.constant(DType.F64, 1.0);
        return x.lt(0).select(e, one).div(e.add(1));
    }

    static Lane softplus(Lane x) {
        Lane e = strict(StrictFunction.EXP, x.abs().neg());
        return x.max(Lane.constant(DType.F64, 0.0)).add(strict(StrictFunction.LOG1P, e));
    }

    /**
     * Up to 1.5 {@code (x cosh x - sinh x) / cosh x}: the series of this numerator, the sum of
     * {@code 2k / (2k + 1)! x^(2k + 1)}, has no term below 0 that could cancel others.
     */
    static Lane tanhshrink(Lane x) {
        Lane square = x.mul(x);
        Lane sum = polynomial(
                square,
                8.509974375387505e-22,
                3.9145882126782523e-19,
                1.4797143443923793e-16,
                4.498331606952833e-14,
                1.0706029224547743e-11,
                1.9270852604185937e-09,
                2.505210838544172e-07,
                2.2045855379188714e-05,
                0.0011904761904761906,
                0.03333333333333333,
                0.3333333333333333);
        Lane small = x.mul(square.mul(sum.div(strict(StrictFunction.COSH, x))));
        return x.abs().lt(1.5).select(small, x.sub(strict(StrictFunction.TANH, x)));
    }

    static Lane geluTanh(Lane x) {
        Lane square = x.mul(x);
        return x.mul(sigmoid(x.mul(square.fma(Lane.constant(DType.F64, FloatGates.CUBIC), FloatGates.LINEAR))));
    }

    /** {@code x n / (n + 2)} with {@code n = e^x (e^x + 2)}, in terms of {@code e^-|x|}. */
    static Lane mish(Lane x) {
        Lane e = strict(StrictFunction.EXP, x.abs().neg());
        Lane negative = x.lt(0);
        Lane numerator = negative.select(e.mul(e.add(2)), e.add(e).add(1));
        Lane rest = negative.select(DType.F64, 2, 0).add(negative.select(numerator, e.mul(e).mul(2).add(numerator)));
        return x.mul(numerator.div(rest));
    }

    /**
     * Below one a polynomial in x^2 times x, above {@code 1 - e^(-x^2) g(2 / (2 + x))} with a polynomial g.
     *
     * <p>Both come from a least-squares fit at Chebyshev points with 60 digits, reweighted towards the least maximum
     * (Lawson): 2^-57 relative to erf below one, 2^-60 of one above.
     */
    static Lane erf(Lane x) {
        Lane magnitude = x.abs();
        Lane square = x.mul(x);
        Lane small = x.mul(polynomial(
                square,
                -7.779753800959792e-10,
                1.3711135175622499e-08,
                -1.6206349958042138e-07,
                1.644713634653006e-06,
                -1.4924712692247448e-05,
                0.00012055293597328619,
                -0.0008548325929998832,
                0.0052239776061327025,
                -0.026866170643113182,
                0.11283791670944195,
                -0.3761263890318352,
                1.1283791670955126));
        Lane t = Lane.constant(DType.F64, 2.0).div(magnitude.add(2));
        Lane scaledTail = polynomial(
                t,
                -0.0517965768364785,
                0.365284304752729,
                -1.126135124501509,
                1.9431866664030857,
                -1.9957067662291252,
                1.259843412867689,
                -0.6426372670987337,
                0.3090768219794127,
                0.1185644633642796,
                0.2573185810818629,
                0.28081520750699596,
                0.2821888136313706,
                -3.1354268999446166e-06);
        Lane tail = strict(StrictFunction.EXP, square.neg()).mul(scaledTail);
        Lane large = Rounding.withSignOf(x, tail.neg().add(1));
        return magnitude.lt(1).select(small, large);
    }
}
