package io.adjoint.autodiff.lane;

import static io.adjoint.autodiff.lane.Lanes.f32;
import static io.adjoint.autodiff.lane.Lanes.i32;
import static io.adjoint.autodiff.lane.Lanes.polynomial;

import io.adjoint.autodiff.DType;

/** The logarithms in F32; for the polynomials see {@link FloatExp}. */
final class FloatLog {
    private static final float TWO_THIRDS = 0x1.555556p-1f;

    private FloatLog() {}

    /** A positive number as {@code 2^exponent significand}, both floats. */
    record Split(Lane exponent, Lane significand) {
        /** With the significand in [least, 2 least). */
        static Split of(Lane x, float least) {
            Lane subnormal = x.lt(Float.MIN_NORMAL);
            Lane normal = subnormal.select(x.mul(0x1p23), x);
            Lane base = i32(Float.floatToRawIntBits(least));
            Lane offset = normal.bits(DType.I32).sub(base);
            Lane exponent = offset.shr(23);
            Lane significand = offset.sub(exponent.shl(23)).add(base).bits(DType.F32);
            Lane correction = subnormal.select(DType.F32, -23, 0);
            return new Split(exponent.convert(DType.F32).add(correction), significand);
        }
    }

    static Lane log(Lane x) {
        Split split = Split.of(x, TWO_THIRDS);
        return onDomain(x, natural(split.exponent(), split.significand().sub(1)));
    }

    /** {@code k ln 2 + log(1 + f)} for {@code |f| <= 1/3}: 2^-27.7. */
    static Lane natural(Lane k, Lane f) {
        Lane q = polynomial(
                f,
                -1.2880056e-01f,
                1.3984595e-01f,
                -1.2187478e-01f,
                1.4005734e-01f,
                -1.6680196e-01f,
                2.0010427e-01f,
                -2.4999806e-01f,
                3.3333215e-01f,
                -0.5);
        // As a float ln 2 happens to be right to 2^-28.
        return k.fma(f32(0.6931472f), f.mul(f).fma(q, f));
    }

    /** Sharp near 0, since {@code x 2^-k + (2^-k - 1)} is the fraction of 1 + x without its rounding. */
    static Lane log1p(Lane x) {
        Lane sum = x.add(1);
        Lane exponent = sum.bits(DType.I32)
                .sub(i32(Float.floatToRawIntBits(TWO_THIRDS)))
                .shr(23);
        Lane scale = exponent.shl(23);
        Lane scaled = x.bits(DType.I32).sub(scale).bits(DType.F32);
        Lane quadruple = i32(Float.floatToRawIntBits(4)).sub(scale).bits(DType.F32); // 2^-k may be too small
        Lane f = quadruple.fma(f32(0.25), -1).add(scaled);
        Lane log = onDomain(sum, natural(exponent.convert(DType.F32), f));
        return x.eq(f32(0)).select(x, log); // keeps the sign of zero
    }

    static Lane log2(Lane x) {
        Split split = Split.of(x, TWO_THIRDS);
        Lane f = split.significand().sub(1);
        // (log2(1 + f) - f hi) / f for |f| <= 1/3, where hi is 1 / ln 2 as a float: 2^-27.7
        Lane q = polynomial(
                f,
                -1.8547577e-01f,
                2.0158814e-01f,
                -1.7593324e-01f,
                2.0209964e-01f,
                -2.4063271e-01f,
                2.8868645e-01f,
                -3.6067152e-01f,
                4.808967e-01f,
                -7.213475e-01f,
                1.925963e-08f);
        return onDomain(x, f.fma(f32(1.442695f), f.mul(q)).add(split.exponent()));
    }

    static Lane log10(Lane x) {
        Split split = Split.of(x, TWO_THIRDS);
        Lane f = split.significand().sub(1);
        // (log10(1 + f) - f hi) / f for |f| <= 1/3, where hi is 1 / ln 10 as a float: 2^-27.7
        Lane q = polynomial(
                f,
                -5.6221336e-02f,
                6.0809527e-02f,
                -5.2845452e-02f,
                6.0809117e-02f,
                -7.244994e-02f,
                8.690537e-02f,
                -1.0857241e-01f,
                1.4476429e-01f,
                -2.1714725e-01f,
                -1.010305e-08f);
        Lane k = split.exponent();
        Lane low = k.fma(f32(-1.4320989e-08f), f.mul(q));
        return onDomain(x, k.fma(f32(0.30103f), f.fma(f32(0.4342945f), low)));
    }

    /** {@code log} where x is positive and finite, elsewhere what all logarithms share. */
    private static Lane onDomain(Lane x, Lane log) {
        Lane zero = f32(0);
        Lane edge = x.eq(zero).select(DType.F32, Double.NEGATIVE_INFINITY, Double.NaN);
        Lane finite = zero.lt(x).select(log, edge);
        return x.lt(Float.POSITIVE_INFINITY).select(finite, x);
    }
}
