package io.adjoint.autodiff.lane;

import static io.adjoint.autodiff.lane.Lanes.atMost;
import static io.adjoint.autodiff.lane.Lanes.between;
import static io.adjoint.autodiff.lane.Lanes.f32;
import static io.adjoint.autodiff.lane.Lanes.polynomial;

import io.adjoint.autodiff.DType;

/**
 * The exponential and its family in F32: short straight-line polynomials which vectorise.
 *
 * <p>All polynomials of this package in F32 are own minimax fits: a linear program on a dense Chebyshev grid in 40
 * digits; then each coefficient in turn, the lowest power first, is rounded to a float and the others are fitted again.
 * The bound at each is the relative error of the function that comes from the polynomial alone.
 */
final class FloatExp {
    private static final float INVERSE_LN2 = 1.442695f;
    private static final float LN2 = 0.6931472f;
    private static final float LN2_REST = -1.9046542e-09f;

    private FloatExp() {}

    static Lane exp(Lane x) {
        return expOfBounded(between(-104, x, 89));
    }

    /**
     * {@code e^x} for x in [-104, 89]: beyond, it is 0 or infinity.
     *
     * <p>With {@code x = 2 m ln 2 + r} the result is {@code e^r 2^m 2^m}. Neither factor leaves the normal range, so the
     * last product rounds once, into the subnormal numbers too.
     */
    static Lane expOfBounded(Lane x) {
        Lane shifted = shifted(x, INVERSE_LN2 / 2, 127);
        Lane m = unshifted(shifted, 127);
        Lane r = m.fma(f32(-2 * LN2_REST), m.fma(f32(-2 * LN2), x));
        // |r| <= ln 2: 2^-26.0; by pairs of terms, in a shorter chain than Horner's
        Lane square = r.mul(r);
        Lane first = r.fma(f32(1.6666618e-01f), 5.0000036e-01f);
        Lane second = r.fma(f32(8.335935e-03f), 4.166123e-02f);
        Lane third = r.fma(f32(1.962975e-04f), 1.4104778e-03f);
        Lane e = square.fma(third.fma(square, second).fma(square, first), r).add(1);
        Lane power = powerOfTwo(shifted);
        return e.mul(power).mul(power);
    }

    /**
     * {@code e^x} for x in [-115, 89] as the product of {@code 1 + more} and two powers of two: an ulp more precise than
     * {@link #expOfBounded}, and the powers can be multiplied to it last.
     *
     * @param more {@code e^r - 1} with {@code |r| <= ln 2 / 2}
     */
    record Parts(Lane more, Lane power, Lane otherPower) {
        static Parts of(Lane x) {
            Lane shifted = shifted(x, INVERSE_LN2, 254);
            Lane n = unshifted(shifted, 254);
            return powers(shifted, n.fma(f32(-LN2_REST), n.fma(f32(-LN2), x)));
        }

        /** Of {@code x + rest}, where the rest is small against x. */
        static Parts of(Lane x, Lane rest) {
            Lane shifted = shifted(x, INVERSE_LN2, 254);
            Lane n = unshifted(shifted, 254);
            return powers(shifted, n.fma(f32(-LN2), x).add(n.fma(f32(-LN2_REST), rest))); // the first is exact
        }

        private static Parts powers(Lane shifted, Lane r) {
            Lane bits = shifted.bits(DType.I32);
            Lane half = bits.ushr(1);
            Lane otherHalf = bits.sub(half);
            // (e^r - 1) / r: 2^-28.2
            Lane q = polynomial(
                    r, 1.3820052e-03f, 8.368683e-03f, 4.1668274e-02f, 1.6666521e-01f, 4.9999994e-01f, 1);
            return new Parts(r.mul(q), half.shl(23).bits(DType.F32), otherHalf.shl(23).bits(DType.F32));
        }

        Lane product() {
            return more.add(1).mul(power).mul(otherPower);
        }

        /** The product with a factor, rounded once if it is subnormal. */
        Lane times(Lane factor) {
            return factor.fma(more, factor).mul(power).mul(otherPower);
        }
    }

    /** As {@link #exp}: {@code x = 2 m + r}, where r is exact. */
    static Lane exp2(Lane x) {
        Lane bounded = between(-151, x, 129);
        Lane shifted = shifted(bounded, 0.5f, 127);
        Lane r = unshifted(shifted, 127).fma(f32(-2), bounded);
        Lane power = powerOfTwo(shifted);
        return exp2OfReduced(r).mul(power).mul(power);
    }

    /** {@code 2^r} for {@code |r| <= 1}: 2^-26.2. */
    static Lane exp2OfReduced(Lane r) {
        return polynomial(
                r,
                1.4921056e-05f,
                1.5645736e-04f,
                1.3341642e-03f,
                9.616841e-03f,
                5.5503663e-02f,
                2.4022669e-01f,
                6.9314724e-01f,
                1);
    }

    /**
     * {@code 2^n (e^r - 1) + (2^n - 1)} with half of the power, which stays finite where the result does. Tiny numbers,
     * which are their own result, would lose their last bit or the sign of zero in it.
     */
    static Lane expm1(Lane x) {
        Lane bounded = between(-18, x, 89);
        Lane shifted = shifted(bounded, INVERSE_LN2, 126);
        Lane n = unshifted(shifted, 126);
        Lane r = n.fma(f32(-LN2_REST), n.fma(f32(-LN2), bounded));
        // |r| <= ln 2 / 2: 2^-26.1
        Lane q = polynomial(r, 1.3899537e-03f, 8.366126e-03f, 4.166684e-02f, 1.6666548e-01f, 0.5);
        Lane e = r.mul(r).fma(q, r);
        Lane half = powerOfTwo(shifted);
        Lane result = e.fma(half, half.sub(0.5)).mul(2);
        return x.abs().lt(0x1p-25).select(x, result);
    }

    static Lane cosh(Lane x) {
        Lane quarter = quarterExp(x.abs());
        return quarter.fma(f32(2), f32(0.125).div(quarter));
    }

    static Lane sinh(Lane x) {
        Lane magnitude = x.abs();
        Lane quarter = quarterExp(magnitude);
        Lane large = quarter.fma(f32(2), f32(-0.125).div(quarter));
        Lane square = x.mul(x);
        // |x| <= 1: 2^-25.3
        Lane q = polynomial(square, 2.037334e-04f, 8.330271e-03f, 1.6666716e-01f);
        Lane small = x.mul(square).fma(q, x);
        return magnitude.lt(1).select(small, Rounding.withSignOf(x, large));
    }

    /** {@code e^x / 4} for x that is not negative: finite where the hyperbolic functions are. */
    private static Lane quarterExp(Lane x) {
        Lane bounded = atMost(x, 89.5);
        Lane shifted = shifted(bounded, INVERSE_LN2, 125);
        Lane n = unshifted(shifted, 125);
        Lane r = n.fma(f32(-LN2_REST), n.fma(f32(-LN2), bounded));
        return expOfReduced(r).mul(powerOfTwo(shifted));
    }

    /** {@code e^r} for {@code |r| <= ln 2 / 2}: 2^-28.2. */
    static Lane expOfReduced(Lane r) {
        return polynomial(r, 1.3820052e-03f, 8.368683e-03f, 4.1668274e-02f, 1.6666521e-01f, 4.9999994e-01f, 1, 1);
    }

    /** {@code e^r - 1} for {@code |r| <= ln 2 / 2}, to 2^-28.2 of e^r: by pairs of terms, in a shorter chain than Horner's. */
    static Lane moreOfReduced(Lane r) {
        Lane square = r.mul(r);
        Lane low = r.fma(f32(1.6666521e-01f), 4.9999994e-01f);
        Lane high = square.fma(f32(1.3820052e-03f), r.fma(f32(8.368683e-03f), 4.1668274e-02f));
        return square.fma(high.fma(square, low), r);
    }

    /**
     * {@code x * factor} rounded to a whole number n, as a float whose low bits are {@code n + bias}: this large, a float
     * has no room for a fraction.
     */
    static Lane shifted(Lane x, float factor, int bias) {
        return x.fma(f32(factor), f32(0x1.8p23 + bias));
    }

    /** The whole number n of {@link #shifted} as a float. */
    static Lane unshifted(Lane shifted, int bias) {
        return shifted.sub(0x1.8p23 + bias);
    }

    /** {@code 2^(n + bias - 127)} of a {@link #shifted} number. */
    static Lane powerOfTwo(Lane shifted) {
        return shifted.bits(DType.I32).shl(23).bits(DType.F32);
    }
}
