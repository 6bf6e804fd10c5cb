package io.adjoint.autodiff.lane;

import static io.adjoint.autodiff.lane.Lanes.f32;
import static io.adjoint.autodiff.lane.Lanes.i32;
import static io.adjoint.autodiff.lane.Lanes.polynomial;

import io.adjoint.autodiff.DType;

/**
 * The power in F32, {@code 2^(y log2 |x|)} with the exponent as the unevaluated sum of two floats: its last bits decide
 * the first ones of the result. For the polynomials see {@link FloatExp}.
 */
final class FloatPow {
    /** log2(181 / 128): 11 bits, so that adding a whole exponent is exact, and the rest. */
    private static final double LOG2_CENTRE = 0x1.ffcp-2;

    private static final double LOG2_CENTRE_REST = 9.002771e-05f;

    private FloatPow() {}

    /** The unevaluated sum of a float and one that is small against it. */
    private record Pair(Lane high, Lane low) {}

    static Lane pow(Lane x, Lane y) {
        Lane magnitude = x.abs();
        Pair log = log2(magnitude);
        Lane high = y.mul(log.high());
        Lane low = y.fma(log.low(), y.fma(log.high(), high.neg()));
        return withSpecialCases(x, y, exp2(high, low));
    }

    /**
     * {@code log2 x} with a relative error of some 2^-33: with {@code x = 2^k m}, c the nearer of 1 and 181/128, and
     * {@code s = (m - c) / (m + c)} it is {@code k + log2 c + 2 / ln 2 (s + s^3/3 + s^5/5 + ...)}. Two centres keep |s|
     * below 0.0866, so that all but the first two terms may be rounded.
     */
    private static Pair log2(Lane x) {
        FloatLog.Split split = FloatLog.Split.of(x, 0.8408964f);
        Lane m = split.significand();
        Lane upper = f32(1.1892071f).lt(m);
        Lane c = upper.select(DType.F32, 181 / 128.0, 1);
        Lane k = split.exponent().add(upper.select(DType.F32, LOG2_CENTRE, 0));

        Lane dividend = m.sub(c);
        Lane divisor = m.add(c);
        Lane divisorRest = m.sub(divisor.sub(c));
        Lane reciprocal = f32(1).div(divisor);
        Lane s = dividend.mul(reciprocal);
        Lane remainder = divisorRest.fma(s.neg(), divisor.fma(s.neg(), dividend));
        Lane sRest = remainder.mul(reciprocal);

        Lane factor = f32(2.88539f);
        Lane lead = s.mul(factor);
        Lane leadRest = sRest.fma(factor, s.fma(f32(3.851926e-08f), s.fma(factor, lead.neg())));
        Lane square = s.mul(s);
        // 2^-35.8
        Lane q = polynomial(square, 4.162619e-01f, 5.770645e-01f, 9.617967e-01f);
        Lane tail = s.mul(square).fma(q, leadRest).add(upper.select(DType.F32, LOG2_CENTRE_REST, 0));

        Lane sum = k.add(lead);
        Lane rest = lead.sub(sum.sub(k)).add(tail);
        Lane high = sum.add(rest);
        Lane low = rest.sub(high.sub(sum));
        // The logarithms of 0 and infinity; NaN stays what it is.
        Lane atZero = x.eq(f32(0)).select(DType.F32, Double.NEGATIVE_INFINITY, 0);
        Lane edge = x.lt(Float.POSITIVE_INFINITY).select(atZero, x);
        return new Pair(high.add(edge), low);
    }

    /** {@code 2^(high + low)}; outside of the range of floats {@code high} alone decides and {@code low} may be NaN. */
    private static Lane exp2(Lane high, Lane low) {
        Lane shifted = FloatExp.shifted(high, 0.5f, 127);
        Lane r = FloatExp.unshifted(shifted, 127).fma(f32(-2), high).add(low);
        Lane e = FloatExp.exp2OfReduced(r);
        Lane power = FloatExp.powerOfTwo(shifted);
        Lane inRange = e.mul(power).mul(power);
        Lane notBelow = high.lt(-151).select(f32(0), inRange);
        return f32(129).lt(high).select(f32(Double.POSITIVE_INFINITY), notBelow);
    }

    /** Gives the power of |x| the sign, and the value where y is 0 or x is negative, that {@link StrictMath#pow} has. */
    private static Lane withSpecialCases(Lane x, Lane y, Lane power) {
        Lane whole = isWhole(y);
        Lane odd = whole.and(isWhole(y.mul(0.5)).not());
        Lane sign = odd.select(Rounding.signBit(x), i32(0));
        Lane signed = power.bits(DType.I32).or(sign).bits(DType.F32);
        Lane finiteNegative = x.lt(0).and(f32(Double.NEGATIVE_INFINITY).lt(x));
        Lane outside = finiteNegative.and(whole.not());
        Lane result = outside.select(f32(Double.NaN), signed);
        return y.eq(f32(0)).select(f32(1), result);
    }

    /** True for infinities too. */
    private static Lane isWhole(Lane x) {
        Lane magnitude = x.abs();
        Lane allWhole = f32(0x1p23);
        Lane rounded = magnitude.add(allWhole).sub(allWhole);
        return rounded.eq(magnitude).or(allWhole.le(magnitude));
    }

    /** A third of the bits as a first guess, within 3.3 %, then two of Halley's steps, which cube the error. */
    static Lane cbrt(Lane x) {
        Lane magnitude = x.abs();
        Lane small = magnitude.lt(1);
        Lane scaled = magnitude.mul(small.select(DType.F32, 0x1p48, 0x1p-24)); // normal, and no cube overflows
        Lane bits = scaled.bits(DType.I32);
        Lane third = bits.shr(2).add(bits.shr(4)); // 5/16, then 85/256, then near enough
        third = third.add(third.shr(4));
        third = third.add(third.shr(8));
        Lane root = third.add(i32(0x2a511800)).bits(DType.F32);
        root = halley(root, scaled);
        root = halley(root, scaled);
        Lane result = Rounding.withSignOf(x, root.mul(small.select(DType.F32, 0x1p-16, 0x1p8)));
        Lane regular = f32(0).lt(magnitude).and(magnitude.lt(Float.POSITIVE_INFINITY));
        return regular.select(result, x);
    }

    /** {@code y - y (y^3 - x) / (2 y^3 + x)}, in which the rounding of the quotient hardly matters. */
    private static Lane halley(Lane y, Lane x) {
        Lane excess = y.mul(y).fma(y, x.neg());
        Lane quotient = excess.div(x.fma(f32(3), excess.add(excess)));
        return quotient.fma(y.neg(), y);
    }
}
