package io.adjoint.autodiff.lane;

import static io.adjoint.autodiff.lane.Lanes.atLeast;
import static io.adjoint.autodiff.lane.Lanes.atMost;
import static io.adjoint.autodiff.lane.Lanes.f32;
import static io.adjoint.autodiff.lane.Lanes.polynomial;

/**
 * The tails of the normal distribution in F32, precise relative to themselves down to where they underflow. Each is {@code
 * e^-s / (x + a)} times a polynomial in {@code t = (x - a) / (x + a)}, with the exponent s as the exact sum of two floats.
 *
 * <p>The polynomials of this class, {@link FloatGates} and {@link FloatArea} are own fits: least squares on Chebyshev points
 * in 50 digits, reweighted towards the least maximum (Lawson), the coefficients rounded one after the other, the lowest
 * power first. The bound at each is the relative error that comes from the polynomial alone.
 */
final class FloatNormal {
    /** Below, erf is precise enough to be added to a half. */
    private static final double NEAR = 0.7;

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
        Lane tail = tail(x, f32(1));
        Lane far = f32(0).lt(x).select(f32(1).sub(tail), tail);
        return x.abs().lt(NEAR).select(nearZero(x), far);
    }

    /** The factor is multiplied in before the powers of two: it lifts what would have lost digits to underflow. */
    static Lane gelu(Lane x) {
        Lane positive = f32(0).lt(x);
        Lane tail = tail(x, positive.select(f32(1), atLeast(x, -14.6)));
        Lane near = x.abs().lt(NEAR);
        Lane gate = near.select(nearZero(x), f32(1).sub(tail));
        Lane gelu = positive.or(near).select(x.mul(gate), tail);
        return Lanes.orNaNAtMinusInfinity(x, gelu);
    }

    /** {@code ndtr} for magnitudes up to {@link #NEAR}. */
    private static Lane nearZero(Lane x) {
        return FloatSigmoids.erfNearZero(x.mul(0.70710677f)).fma(f32(0.5), 0.5);
    }

    /** {@code factor ndtr(-|x|)}. */
    private static Lane tail(Lane x, Lane factor) {
        Lane m = atMost(x.abs(), 14.6);
        Lane half = m.mul(0.5);
        Lane exponent = m.mul(half);
        Lane rest = m.fma(half, exponent.neg());
        Lane sum = m.add(2.75);
        // (x + 11/4) e^(x^2 / 2) ndtr(-x) on [0, 14.6]: 2^-27.2
        Lane q = polynomial(
                m.sub(2.75).div(sum),
                4.1116422e-05f,
                -2.1735394e-05f,
                -0.00045620726f,
                -0.00030497834f,
                0.0025043476f,
                0.0032111916f,
                -0.01644542f,
                -0.016566075f,
                0.18233442f,
                -0.47435412f,
                0.71898603f);
        return FloatExp.Parts.of(exponent.neg(), rest.neg()).times(q.div(sum).mul(factor));
    }
}
