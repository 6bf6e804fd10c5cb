package io.adjoint.autodiff.lane;

import static io.adjoint.autodiff.lane.FloatExp.powerOfTwo;
import static io.adjoint.autodiff.lane.FloatExp.shifted;
import static io.adjoint.autodiff.lane.FloatExp.unshifted;
import static io.adjoint.autodiff.lane.Lanes.atLeast;
import static io.adjoint.autodiff.lane.Lanes.atMost;
import static io.adjoint.autodiff.lane.Lanes.between;
import static io.adjoint.autodiff.lane.Lanes.f32;
import static io.adjoint.autodiff.lane.Lanes.polynomial;

/** The S-shaped functions and the softplus in F32; for the polynomials see {@link FloatExp}. */
final class FloatSigmoids {
    private FloatSigmoids() {}

    /**
     * {@code c / (c + c e^-x)} with {@code c = 2^-64}: so scaled, the denominator stays finite down to where the result
     * underflows. Its three terms {@code c + s + s (e^r - 1)}, where s is a power of two, are summed with the greater
     * power last, since a rounding of {@code e^r} would cost up to one unit in the last place of the quotient.
     */
    static Lane sigmoid(Lane x) {
        return f32(0x1p-64).div(scaledDenominator(between(-104, x, 40)));
    }

    /** {@code 2^-64 (1 + e^-x)} for x in [-110, 40]. */
    static Lane scaledDenominator(Lane x) {
        Lane shifted = shifted(x, -1.442695f, 127 - 64);
        return scaledDenominator(x, shifted, reduced(x, shifted));
    }

    /** {@code 2^-64 (1 + e^-(x + rest))} for x in [-110, 40] and a rest that is small against it. */
    static Lane scaledDenominator(Lane x, Lane rest) {
        Lane shifted = shifted(x, -1.442695f, 127 - 64);
        return scaledDenominator(x, shifted, reduced(x, shifted).add(rest));
    }

    private static Lane reduced(Lane x, Lane shifted) {
        Lane n = unshifted(shifted, 127 - 64);
        return n.fma(f32(-1.9046542e-09f), n.fma(f32(0.6931472f), x));
    }

    private static Lane scaledDenominator(Lane x, Lane shifted, Lane r) {
        // (e^-r - 1) / r for |r| <= ln 2 / 2: 2^-28.2
        Lane q = polynomial(
                r, 1.3820052e-03f, -8.368683e-03f, 4.1668274e-02f, -1.6666521e-01f, 4.9999994e-01f, -1);
        Lane c = f32(0x1p-64);
        Lane s = powerOfTwo(shifted);
        Lane negative = x.lt(0);
        return r.mul(q).fma(s, negative.select(c, s)).add(negative.select(s, c));
    }

    /** A polynomial up to 0.55, then {@code 1 - 2 / (e^(2 |x|) + 1)}; from 9.02 on it rounds to one. */
    static Lane tanh(Lane x) {
        Lane magnitude = x.abs();
        Lane bounded = atMost(magnitude, 9.02);
        Lane shifted = shifted(bounded, 2.88539f, 127);
        // The rest of ln 2 matters to the exponential only where the result no longer feels it.
        Lane r = unshifted(shifted, 127).fma(f32(-0.6931472f / 2), bounded);
        // e^(2 r) for |r| <= ln 2 / 4: 2^-28.2
        Lane e = polynomial(
                r, 8.844833e-02f, 2.6779786e-01f, 6.666924e-01f, 1.3333217f, 1.9999998f, 2, 1);
        Lane large = f32(1).sub(f32(2).div(e.fma(powerOfTwo(shifted), 1)));
        Lane square = x.mul(x);
        // 2^-29.7
        Lane q = polynomial(
                square, -6.2428494e-03f, 2.1050714e-02f, -5.3847548e-02f, 1.3332544e-01f, -3.3333316e-01f);
        Lane small = magnitude.mul(square).fma(q, magnitude);
        return Rounding.withSignOf(x, magnitude.lt(0.55).select(small, large));
    }

    /** A polynomial up to 1.05, from where on the result is not much smaller than the hyperbolic tangent, and its error is not much worse. */
    static Lane tanhshrink(Lane x) {
        Lane square = x.mul(x);
        // (x - tanh x) / x^3 for |x| <= 1.05: 2^-25.0
        Lane q = polynomial(
                square,
                -1.5058155e-04f,
                9.649308e-04f,
                -3.2876937e-03f,
                8.773564e-03f,
                -2.1865487e-02f,
                5.39716e-02f,
                -1.3333383e-01f,
                3.3333334e-01f);
        return x.abs().lt(1.05).select(x.mul(square).mul(q), x.sub(tanh(x)));
    }

    /** A polynomial up to 0.95, then {@code 1 - p(|x|)^4}; from 3.95 on it rounds to one. */
    static Lane erf(Lane x) {
        Lane magnitude = x.abs();
        // The fourth root of 1 - erf on [0.95, 4]: 2^-26.5
        Lane root = polynomial(
                atMost(magnitude, 3.95),
                -2.5977226e-05f,
                2.3731976e-04f,
                3.703901e-04f,
                -1.1206254e-02f,
                4.022791e-02f,
                -1.2284967e-02f,
                -9.7940706e-02f,
                -2.9130504e-01f,
                1.0016968f);
        Lane power = root.mul(root);
        Lane large = power.mul(power.neg()).add(1);
        return magnitude.lt(0.95).select(erfNearZero(x), Rounding.withSignOf(x, large));
    }

    /** For magnitudes up to 0.95: 2^-25.1. */
    static Lane erfNearZero(Lane x) {
        Lane q = polynomial(
                x.mul(x),
                -5.779225e-04f,
                4.9501345e-03f,
                -2.6736235e-02f,
                1.128095e-01f,
                -3.7612408e-01f,
                1.2837914e-01f);
        return x.fma(q, x);
    }

    /** {@code max(x, 0) + log(1 + e)} with {@code e = e^-|x|}. */
    static Lane softplus(Lane x) {
        Lane e = FloatExp.expOfBounded(atLeast(x.abs().neg(), -104));
        // 1 + e = 2^k (1 + f) with k = 1 where this keeps |f| within 1/3
        Lane upper = f32(1 / 3.0).lt(e);
        Lane f = upper.select(e.fma(f32(0.5), -0.5), e);
        Lane log = FloatLog.natural(upper.select(x.type(), 1, 0), f);
        return x.max(f32(0)).add(log);
    }
}
