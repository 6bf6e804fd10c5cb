package io.adjoint.autodiff.lane;

import io.adjoint.autodiff.DType;

/**
 * Rounding to whole numbers and work on the sign bit, for both float dtypes. No conversion to integers: it would
 * saturate, and some machines have no vector instruction for it.
 */
final class Rounding {
    private Rounding() {}

    /** To the nearest whole number, halves to the even one; the sign of zero, infinities and NaN are kept. */
    static Lane rint(Lane x) {
        Lane magnitude = x.abs();
        // From here on every float is whole; below, the addition leaves no room for a fraction and rounds it away.
        Lane allWhole = Lane.constant(x.type(), x.type() == DType.F32 ? 0x1p23 : 0x1p52);
        Lane rounded = withSignOf(x, magnitude.add(allWhole).sub(allWhole));
        return magnitude.lt(allWhole).select(rounded, x);
    }

    static Lane floor(Lane x) {
        Lane nearest = rint(x);
        return nearest.sub(x.lt(nearest).select(x.type(), 1, 0));
    }

    static Lane ceil(Lane x) {
        return floor(x.neg()).neg();
    }

    static Lane trunc(Lane x) {
        return withSignOf(x, floor(x.abs()));
    }

    /** Halves away from zero. The fraction is exact, where {@code floor(|x| + 0.5)} would round the sum. */
    static Lane round(Lane x) {
        Lane magnitude = x.abs();
        Lane whole = floor(magnitude);
        Lane up = Lane.constant(x.type(), 0.5).le(magnitude.sub(whole));
        return withSignOf(x, whole.add(up.select(x.type(), 1, 0)));
    }

    /** {@code magnitude}, which is not negative, with the sign bit of {@code sign}. */
    static Lane withSignOf(Lane sign, Lane magnitude) {
        DType bits = bitsOf(sign);
        return signBit(sign).or(magnitude.bits(bits)).bits(sign.type());
    }

    static Lane copySign(Lane magnitude, Lane sign) {
        return withSignOf(sign, magnitude.abs());
    }

    /** The sign bit alone, as an integer. */
    static Lane signBit(Lane x) {
        DType bits = bitsOf(x);
        return x.bits(bits).and(Lane.constant(bits, bits == DType.I32 ? Integer.MIN_VALUE : Long.MIN_VALUE));
    }

    private static DType bitsOf(Lane x) {
        return x.type() == DType.F32 ? DType.I32 : DType.I64;
    }
}
