package io.adjoint.autodiff.lane;

import io.adjoint.autodiff.DType;

/** Division and powers of integers. A divisor of zero counts as one here: operations refuse it before. */
final class IntegerMath {
    private IntegerMath() {}

    /** The quotient without its fraction. */
    static Lane truncDivide(Lane a, Lane b) {
        return a.div(divisor(b));
    }

    /** The greatest whole number not above the quotient. */
    static Lane floorDivide(Lane a, Lane b) {
        Lane quotient = truncDivide(a, b);
        Lane below = below(a.sub(quotient.mul(divisor(b))), b);
        return below.select(quotient.sub(1), quotient);
    }

    /** The rest with the sign of a. */
    static Lane fmod(Lane a, Lane b) {
        return a.sub(truncDivide(a, b).mul(divisor(b)));
    }

    /** The rest with the sign of b. */
    static Lane remainder(Lane a, Lane b) {
        Lane rest = fmod(a, b);
        return below(rest, b).select(rest.add(b), rest);
    }

    private static Lane divisor(Lane b) {
        return b.eq(whole(b, 0)).select(whole(b, 1), b);
    }

    /** Whether the quotient was rounded up: there is a rest, and its sign is not that of the divisor. */
    private static Lane below(Lane rest, Lane divisor) {
        Lane zero = whole(rest, 0);
        return rest.eq(zero).not().and(rest.lt(zero).xor(divisor.lt(zero)));
    }

    /** {@code x^n} modulo the width, by squaring; for negative n the power without its fraction. */
    static Lane pow(Lane x, Lane n) {
        Lane one = whole(x, 1);
        Lane zero = whole(x, 0);
        Lane result = one;
        Lane square = x;
        int bits = x.type() == DType.I32 ? 31 : 63;
        for (int bit = 0; bit < bits; bit++) {
            Lane isSet = n.ushr(bit).and(one).eq(one);
            result = isSet.select(result.mul(square), result);
            square = bit + 1 < bits ? square.mul(square) : square;
        }
        Lane sign = n.and(one).eq(one).select(x, one);
        Lane isUnit = x.eq(one).or(x.eq(one.neg()));
        return n.lt(zero).select(isUnit.select(sign, zero), result);
    }

    private static Lane whole(Lane like, long value) {
        return Lane.constant(like.type(), value);
    }
}
