package io.adjoint.autodiff.lane;

import static io.adjoint.autodiff.lane.Polynomial.horner;

import io.adjoint.autodiff.DType;

/**
 * The functions in F32: short straight-line polynomials which vectorise.
 *
 * <p>The coefficients are own minimax fits (linear programming on a dense Chebyshev grid in 40 digits; each coefficient
 * in turn is rounded to a float and the others are fitted again). The bound that stands at each is the error of the fit
 * relative to the function.
 */
final class FloatMath {
    private static final float SMALLEST_NORMAL = Float.MIN_NORMAL;

    private FloatMath() {}

    private static Lane constant(double value) {
        return Lane.constant(DType.F32, value);
    }

    private static Lane constant(int value) {
        return Lane.constant(DType.I32, (long) value);
    }

    /** Bounds by comparisons, which let NaN through and are cheaper in vectors than min and max. */
    private static Lane atMost(Lane x, double bound) {
        return constant(bound).lt(x).select(constant(bound), x);
    }

    private static Lane atLeast(Lane x, double bound) {
        return x.lt(bound).select(constant(bound), x);
    }

    static Lane exp(Lane x) {
        return expOfBounded(atMost(atLeast(x, -104), 89));
    }

    /**
     * {@code e^x} for x in [-104, 89], which is all that does not round to 0 or infinity.
     *
     * <p>With {@code x = 2 m ln 2 + r} the result is {@code e^r * 2^m * 2^m}: neither factor leaves the normal range, so
     * the last product rounds once, into the subnormal numbers too. Adding {@code magic} puts m + 127, the biased
     * exponent of 2^m, into the low bits of {@code shifted}.
     */
    private static Lane expOfBounded(Lane x) {
        Lane magic = constant(0x1.8p23 + 127);
        Lane shifted = x.fma(constant(0.7213475f), magic);
        Lane m = shifted.sub(magic);
        Lane r = m.fma(constant(-1.3862944f), x);
        r = m.fma(constant(3.8093084e-09f), r);
        // |r| <= ln 2: 2^-26.0
        Lane e = horner(
                r, 1.962975e-04f, 1.4104778e-03f, 8.335935e-03f, 4.166123e-02f, 1.6666618e-01f, 5.0000036e-01f, 1, 1);
        Lane power = shifted.bits(DType.I32).shl(23).bits(DType.F32);
        return e.mul(power).mul(power);
    }

    /** {@code x = 2^k (1 + f)} with f in [-1/3, 1/3]; then {@code k ln 2 + f + f^2 q(f)}. */
    static Lane log(Lane x) {
        Lane subnormal = x.lt(SMALLEST_NORMAL);
        Lane scaled = subnormal.select(x.mul(0x1p23), x);
        Lane least = constant(Float.floatToRawIntBits(0x1.555556p-1f));
        Lane offset = scaled.bits(DType.I32).sub(least);
        Lane exponent = offset.shr(23);
        Lane f = offset.sub(exponent.shl(23)).add(least).bits(DType.F32).sub(1);
        Lane k = exponent.convert(DType.F32).add(subnormal.select(DType.F32, -23, 0));
        // |f| <= 1/3: 2^-27.7
        Lane q = horner(
                f,
                -1.2880056e-01f,
                1.3984595e-01f,
                -1.2187478e-01f,
                1.4005734e-01f,
                -1.6680196e-01f,
                2.0010427e-01f,
                -2.4999806e-01f,
                3.3333215e-01f,
                -0.5f);
        Lane low = k.fma(constant(-1.9046542e-09f), f.mul(f).mul(q));
        Lane log = k.fma(constant(0.6931472f), low.add(f));
        return logDomain(x, log);
    }

    /** {@code log} for finite positive x, else the limits that all logarithms share. */
    private static Lane logDomain(Lane x, Lane log) {
        Lane zero = constant(0.0);
        Lane edge = x.eq(zero).select(DType.F32, Double.NEGATIVE_INFINITY, Double.NaN);
        Lane positive = zero.lt(x).select(log, edge);
        return x.lt(Float.POSITIVE_INFINITY).select(positive, x);
    }

    /** A rational function of x^2 times x (2^-29); beyond 9.02 the value rounds to one. */
    static Lane tanh(Lane x) {
        Lane bounded = atMost(atLeast(x, -9.02), 9.02);
        Lane square = bounded.mul(bounded);
        Lane numerator = horner(
                square, -1.22033075e-11f, 3.05847799e-08f, 2.80073480e-05f, 3.86832195e-03f, 1.36799104e-01f, 1);
        Lane denominator = horner(square, 1.28735917e-06f, 3.93862111e-04f, 2.72458173e-02f, 4.70132424e-01f, 1);
        return bounded.mul(numerator).div(denominator);
    }

    static Lane sigmoid(Lane x) {
        Lane e = expOfBounded(atLeast(x.abs().neg(), -104));
        return x.lt(0).select(e, constant(1.0)).div(e.add(1));
    }
}
