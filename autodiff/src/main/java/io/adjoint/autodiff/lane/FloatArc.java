package io.adjoint.autodiff.lane;

import static io.adjoint.autodiff.lane.Lanes.f32;
import static io.adjoint.autodiff.lane.Lanes.polynomial;

import io.adjoint.autodiff.DType;

/** The inverse trigonometric functions in F32; for the polynomials see {@link FloatExp}. */
final class FloatArc {
    private static final float HALF_PI = 1.5707964f;
    private static final float HALF_PI_REST = -4.371139e-08f;

    private FloatArc() {}

    /** {@code asin(a) = pi/2 - 2 asin(sqrt((1 - a) / 2))} brings what is above a half below it. */
    private record Halved(Lane small, Lane arc) {
        static Halved of(Lane magnitude) {
            Lane small = magnitude.lt(0.5);
            Lane half = magnitude.fma(f32(-0.5), 0.5);
            Lane square = small.select(magnitude.mul(magnitude), half);
            Lane root = small.select(magnitude, half.sqrt());
            // asin on [0, 1/2]: 2^-27.6
            Lane q = polynomial(
                    square, 4.2160224e-02f, 2.4183813e-02f, 4.5469303e-02f, 7.495309e-02f, 1.6666752e-01f);
            return new Halved(small, root.mul(square).fma(q, root));
        }
    }

    static Lane asin(Lane x) {
        Halved halved = Halved.of(x.abs());
        Lane large = f32(HALF_PI).sub(halved.arc().fma(f32(2), -HALF_PI_REST));
        return Rounding.withSignOf(x, halved.small().select(halved.arc(), large));
    }

    static Lane acos(Lane x) {
        Halved halved = Halved.of(x.abs());
        Lane arc = Rounding.copySign(halved.arc(), x);
        Lane small = f32(HALF_PI).sub(arc.sub(HALF_PI_REST));
        Lane negative = x.lt(0);
        Lane base = negative.select(DType.F32, 2 * HALF_PI, 0);
        return halved.small().select(small, arc.fma(f32(2), base));
    }

    static Lane atan(Lane x) {
        Lane magnitude = x.abs();
        Lane inverted = f32(1).lt(magnitude);
        Lane t = inverted.select(f32(1).div(magnitude), magnitude);
        Lane arc = atanUpToOne(t);
        Lane steep = f32(HALF_PI).sub(arc.sub(HALF_PI_REST));
        return Rounding.withSignOf(x, inverted.select(steep, arc));
    }

    /** The arc of the smaller coordinate over the greater, then mirrored into the octant of the point. */
    static Lane atan2(Lane y, Lane x) {
        Lane width = x.abs();
        Lane height = y.abs();
        Lane least = width.min(height);
        Lane greatest = width.max(height);
        Lane atOrigin = greatest.eq(f32(0));
        // Equal ones include two infinities, and two zeros, whose angle is that of the axis.
        Lane ratio = least.eq(greatest).select(atOrigin.select(DType.F32, 0, 1), least.div(greatest));
        Lane arc = atanUpToOne(ratio);
        Lane steep = width.lt(height).select(f32(HALF_PI).sub(arc), arc);
        Lane leftward = Rounding.signBit(x).lt(Lanes.i32(0));
        Lane angle = leftward.select(f32(2 * HALF_PI).sub(steep), steep);
        return Rounding.withSignOf(y, angle);
    }

    /** For x in [0, 1]: 2^-28.5. */
    private static Lane atanUpToOne(Lane x) {
        Lane square = x.mul(x);
        Lane q = polynomial(
                square,
                -1.7828164e-03f,
                1.0868666e-02f,
                -3.1096963e-02f,
                5.788138e-02f,
                -8.399306e-02f,
                1.09508805e-01f,
                -1.4264016e-01f,
                1.999853e-01f,
                -3.33333e-01f);
        return x.mul(square).fma(q, x);
    }
}
