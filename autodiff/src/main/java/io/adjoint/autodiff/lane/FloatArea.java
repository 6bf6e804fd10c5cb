package io.adjoint.autodiff.lane;

import static io.adjoint.autodiff.lane.Lanes.f32;
import static io.adjoint.autodiff.lane.Lanes.polynomial;

import io.adjoint.autodiff.DType;

/** The inverse hyperbolic functions in F32; for the polynomials see {@link FloatNormal}. */
final class FloatArea {
    /** From here on {@code sqrt(x^2 + 1)} and {@code sqrt(x^2 - 1)} are x. */
    private static final float LARGE = 0x1p13f;

    private FloatArea() {}

    /** A polynomial up to one, then {@code log(x + sqrt(x^2 + 1))}. */
    static Lane asinh(Lane x) {
        Lane m = x.abs();
        Lane square = m.mul(m);
        // 2^-28.1
        Lane q = polynomial(
                square,
                0.0006739853f,
                -0.0038384395f,
                0.010430844f,
                -0.019182067f,
                0.029456288f,
                -0.04448788f,
                0.07498716f,
                -0.1666663f);
        Lane small = m.mul(square).fma(q, m);
        Lane large = f32(LARGE).le(m);
        Lane sum = large.select(m, m.add(square.add(1).sqrt()));
        Lane log = FloatLog.log(sum).add(large.select(DType.F32, 0.6931471805599453, 0));
        return Rounding.withSignOf(x, m.lt(1).select(small, log));
    }

    /** {@code log(1 + t + sqrt(t (t + 2)))} with {@code t = x - 1}. */
    static Lane acosh(Lane x) {
        Lane t = x.sub(1);
        Lane large = f32(LARGE).le(x);
        Lane argument = large.select(t, t.add(t.fma(t, t.add(t)).sqrt()));
        Lane log = FloatLog.log1p(argument).add(large.select(DType.F32, 0.6931471805599453, 0));
        return x.lt(1).select(f32(Double.NaN), log);
    }

    /** A polynomial up to a half, then half of {@code log((1 + x) / (1 - x))}. */
    static Lane atanh(Lane x) {
        Lane m = x.abs();
        Lane large = FloatLog.log(m.add(1).div(f32(1).sub(m))).mul(0.5);
        return Rounding.withSignOf(x, m.lt(0.5).select(atanhUpToHalf(m), large));
    }

    /** Around a half {@code 2 atanh(2 x - 1)}, whose argument is exact. */
    static Lane logit(Lane x) {
        Lane middle = x.fma(f32(2), -1);
        Lane near = atanhUpToHalf(middle).mul(2);
        return middle.abs().lt(0.5).select(near, FloatLog.log(x.div(f32(1).sub(x))));
    }

    /** For {@code |x| <= 1/2}: 2^-29.4. */
    private static Lane atanhUpToHalf(Lane x) {
        Lane square = x.mul(x);
        Lane q = polynomial(
                square, 0.1763992f, 0.05158965f, 0.11816762f, 0.14223745f, 0.20002455f, 0.33333302f);
        return x.mul(square).fma(q, x);
    }
}
