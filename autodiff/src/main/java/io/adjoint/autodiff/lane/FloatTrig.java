package io.adjoint.autodiff.lane;

import static io.adjoint.autodiff.lane.Lanes.i32;
import static io.adjoint.autodiff.lane.Lanes.polynomial;

import io.adjoint.autodiff.DType;

/** The trigonometric functions in F32, for angles of any size; for the polynomials see {@link FloatExp}. */
final class FloatTrig {
    private FloatTrig() {}

    static Lane sin(Lane x) {
        QuarterTurns angle = QuarterTurns.of(x.abs());
        Lane value = isOdd(angle).select(cosOfRest(angle.rest()), sinOfRest(angle.rest()));
        Lane sign = Rounding.signBit(x).xor(signOfHalfTurn(angle.count()));
        return value.bits(DType.I32).xor(sign).bits(DType.F32);
    }

    static Lane cos(Lane x) {
        QuarterTurns angle = QuarterTurns.of(x.abs());
        Lane value = isOdd(angle).select(sinOfRest(angle.rest()), cosOfRest(angle.rest()));
        Lane sign = signOfHalfTurn(angle.count().add(i32(1)));
        return value.bits(DType.I32).xor(sign).bits(DType.F32);
    }

    static Lane tan(Lane x) {
        QuarterTurns angle = QuarterTurns.of(x.abs());
        Lane sin = sinOfRest(angle.rest());
        Lane cos = cosOfRest(angle.rest());
        Lane odd = isOdd(angle);
        Lane value = odd.select(cos, sin).div(odd.select(sin.neg(), cos));
        return value.bits(DType.I32).xor(Rounding.signBit(x)).bits(DType.F32);
    }

    private static Lane isOdd(QuarterTurns angle) {
        return angle.count().and(i32(1)).eq(i32(1));
    }

    /** The sign bit if the second lowest bit is set. */
    private static Lane signOfHalfTurn(Lane count) {
        return count.and(i32(2)).shl(30);
    }

    /** For {@code |r| <= pi/4}: 2^-27.8. */
    private static Lane sinOfRest(Lane r) {
        Lane square = r.mul(r);
        Lane q = polynomial(square, -1.9507883e-04f, 8.332106e-03f, -1.6666654e-01f);
        return r.mul(square).fma(q, r);
    }

    /** For {@code |r| <= pi/4}: 2^-33.0. */
    private static Lane cosOfRest(Lane r) {
        return polynomial(r.mul(r), 2.4432102e-05f, -1.3887308e-03f, 4.1666646e-02f, -0.5, 1);
    }
}
