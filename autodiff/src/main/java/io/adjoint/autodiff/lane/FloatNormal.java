package io.adjoint.autodiff.lane;

import static io.adjoint.autodiff.lane.Lanes.atMost;
import static io.adjoint.autodiff.lane.Lanes.f32;
import static io.adjoint.autodiff.lane.Lanes.polynomial;

/**
 * The tails of the normal distribution in F32, precise relative to themselves down to where they underflow. Each is an
 * exponential, with the digits of the square that a float has no room for, times a quotient that falls like {@code 1 / x}.
 *
 * <p>The polynomials of this class, {@link FloatGates} and {@link FloatArea} are own fits: least squares on Chebyshev points
 * in 50 digits, reweighted towards the least maximum (Lawson), the coefficients rounded one after the other, the lowest
 * power first. The bound at each is the relative error that comes from the polynomial alone.
 */
final class FloatNormal {
    private FloatNormal() {}

    static Lane erfc(Lane x) {
        Lane m = atMost(x.abs(), 10.3);
        Lane square = m.mul(m);
        Lane rest = m.fma(m, square.neg());
        Lane sum = m.add(2.25);
        // (x + 9/4) e^(x^2) erfc x on [0, 10.3]: 2^-26.7
        Lane q = polynomial(
                m.sub(2.25).div(sum),
                4.6226036e-05f,
                0.00025275233f,
                6.5471875e-05f,
                -0.0016278194f,
                -0.0008010634f,
                0.011657018f,
                -0.0036075304f,
                -0.101210125f,
                0.371517f,
                -0.751959f,
                1.0398927f);
        Lane tail = FloatExp.Parts.of(square.neg(), rest.neg()).times(q.div(sum));
        Lane far = x.lt(0).select(f32(2).sub(tail), tail);
        return m.lt(0.5).select(f32(1).sub(FloatSigmoids.erfNearZero(x)), far);
    }

    static Lane ndtr(Lane x) {
        Tail tail = Tail.of(x);
        Lane m = tail.m();
        Lane s = tail.exponent();
        Lane low = s.fma(m.fma(f32(-0.080982454f), -0.36567643f), m.fma(f32(0.43779713f), 0.5));
        Lane value = tail.precisely(s.mul(s).fma(f32(0.01637114f), low));
        return f32(0).lt(x).select(f32(1).sub(value), value);
    }

    /** {@code max(x, 0) - |x| ndtr(-|x|)}, in which nothing cancels. */
    static Lane gelu(Lane x) {
        Tail tail = Tail.of(x);
        Lane m = tail.m();
        Lane s = tail.exponent();
        Lane low = m.fma(f32(0.36567643f), 0.87559426f);
        Lane high = m.fma(f32(-0.01637114f), -0.16196491f);
        Lane most = tail.leading(high.fma(s, low).fma(s, tail.minusHalf()));
        // 0 times x: the product of minus infinity and a closed gate is NaN, and -0 stays
        Lane rectified = f32(0).le(x).select(x, x.mul(0));
        return tail.more().fma(most, rectified.add(most));
    }

    /**
     * {@code e^(-m^2 / 2) (m0 - m) r(m)} at -m, where m0 is the zero in two parts, so that it is precise around it too; one minus
     * that at m.
     */
    static Lane geluSlope(Lane x) {
        Tail tail = Tail.of(x);
        Lane m = tail.m();
        Lane s = tail.exponent();
        Lane numerator = s.fma(m.fma(f32(-0.0085801408f), -0.067559666f), m.fma(f32(0.107618995f), 0.14684932f));
        Lane slope = s.fma(m.fma(f32(-0.02862112f), -0.241595654f), m.fma(f32(0.43619034f), 0.7706449f));
        // r on [0, 14.2]: 2^-26.9
        Lane r = numerator.div(m.fma(slope, 0.55178875f)).add(0.39894477f);
        Lane product = r.fma(f32(0.75179154f).sub(m), r.mul(-1.211445e-8f));
        Lane value = tail.times(product);
        return f32(0).lt(x).select(f32(1).sub(value), value);
    }

    /**
     * {@code ndtr(-m) = e^(-m^2 / 2) p(m) / q(m)}, where m is the magnitude of x up to where this underflows, in factors: the
     * exponential is {@code power (1 + more)}. The polynomials are taken by pairs of terms in m, {@code -m^2 / 2} and its
     * square, in a chain half as long as Horner's, with less rounding.
     *
     * @param minusHalf {@code -m / 2}
     * @param exponent {@code -m^2 / 2}, rounded
     * @param power of two, times 2^64, as it may be subnormal
     */
    private record Tail(Lane m, Lane minusHalf, Lane exponent, Lane more, Lane power) {
        static Tail of(Lane x) {
            Lane m = atMost(x.abs(), 14.6);
            Lane minusHalf = m.mul(-0.5);
            Lane exponent = m.mul(minusHalf);
            Lane shifted = FloatExp.shifted(exponent, 1.442695f, 127 + 64);
            Lane n = FloatExp.unshifted(shifted, 127 + 64);
            // of the exact square, and n times the first part of ln 2 is exact too
            Lane r = n.fma(f32(-1.4286068e-06f), m.fma(minusHalf, n.mul(-0.69314575f)));
            return new Tail(m, minusHalf, exponent, FloatExp.moreOfReduced(r), FloatExp.powerOfTwo(shifted));
        }

        /** A factor times the exponential. */
        Lane times(Lane factor) {
            return more.fma(factor, factor).mul(power).mul(0x1p-64);
        }

        /** {@code numerator / q(m)} times the power: p / q is right to 2^-26.7 on [0, 14.6]. */
        Lane leading(Lane numerator) {
            Lane s = exponent;
            Lane low = m.fma(f32(1.2009157f), 1.6734791f);
            Lane high = s.fma(f32(0.04103588f), m.fma(f32(-0.20300592f), -0.93683076f));
            Lane denominator = m.fma(high.fma(s, low), 1);
            return numerator.div(denominator).mul(power).mul(0x1p-64);
        }

        /**
         * {@code numerator / q(m)} times the exponential. What the divisor and the quotient lost by rounding is taken off with
         * the last addition: without it some values are off by 4.6 ulps.
         */
        Lane precisely(Lane numerator) {
            Lane square = exponent.mul(exponent);
            Lane low = exponent.fma(m.fma(f32(-0.20300592f), -0.93683076f), m.fma(f32(1.2009157f), 1.6734791f));
            Lane slope = square.fma(f32(0.04103588f), low);
            Lane divisor = m.fma(slope, 1);
            // the differences are exact
            Lane lostBySlope = square.fma(f32(0.04103588f), low.sub(slope));
            Lane lost = m.fma(lostBySlope, m.fma(slope, f32(1).sub(divisor)));
            Lane reciprocal = f32(1).div(divisor);
            Lane quotient = numerator.mul(reciprocal);
            Lane excess = quotient.fma(lost, quotient.fma(divisor, numerator.neg())).mul(reciprocal);
            return quotient.sub(more.neg().fma(quotient, excess)).mul(power).mul(0x1p-64);
        }
    }
}
