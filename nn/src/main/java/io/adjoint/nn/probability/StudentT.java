package io.adjoint.nn.probability;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Special;

/**
 * The distribution of Student, a normal number over the root of a gamma distributed one: {@code density} proportional to {@code
 * (1 + z^2 / degrees)^(-(degrees + 1) / 2)} with {@code z = (x - location) / scale}.
 *
 * @param degrees of freedom, above 0
 * @param location median and mode
 * @param scale above 0
 */
public record StudentT(Tensor degrees, Tensor location, Tensor scale) implements Distribution {
    /**
     * Parameters are broadcast and take one dtype.
     *
     * @throws ShapeException if none is a float, or shapes do not fit
     */
    public StudentT {
        Tensor[] equal = Parameters.broadcast("student_t", degrees, location, scale);
        degrees = equal[0];
        location = equal[1];
        scale = equal[2];
    }

    @Override
    public Shape batchShape() {
        return degrees.shape();
    }

    @Override
    public DType dtype() {
        return degrees.dtype();
    }

    @Override
    public Tensor logProb(Tensor value) {
        Tensor z = Parameters.value(this, value).sub(location).div(scale);
        Tensor half = degrees.mul(0.5);
        Tensor power = half.add(0.5).mul(z.square().div(degrees).log1p());
        return half.add(0.5).lgamma().sub(half.lgamma()).sub(degrees.log().mul(0.5)).sub(0.5 * Math.log(Math.PI))
                .sub(scale.log()).sub(power);
    }

    @Override
    public Tensor sample(Rng rng, Shape sampleShape) {
        Shape whole = Parameters.whole(this, sampleShape);
        Tensor half = degrees.mul(0.5);
        Tensor spread = half.log().sub(Parameters.logGamma(rng.stream(0), whole, half)).mul(0.5).exp().cast(dtype());
        return location.add(scale.mul(rng.stream(1).normal(whole, dtype()).mul(spread)));
    }

    @Override
    public boolean isReparameterised() {
        return true;
    }

    @Override
    public Tensor entropy() {
        Tensor half = degrees.mul(0.5);
        Tensor more = half.add(0.5);
        return more.mul(more.digamma().sub(half.digamma())).add(degrees.log().mul(0.5)).add(more.lgamma().neg())
                .add(half.lgamma()).add(0.5 * Math.log(Math.PI)).add(scale.log());
    }

    @Override
    public Tensor mean() {
        return degrees.le(1).where(Double.NaN, location);
    }

    @Override
    public Tensor variance() {
        Tensor isFinite = degrees.gt(2);
        Tensor safe = isFinite.where(degrees, 3);
        Tensor variance = isFinite.where(scale.square().mul(safe).div(safe.sub(2)), Double.POSITIVE_INFINITY);
        return degrees.le(1).where(Double.NaN, variance);
    }

    @Override
    public Tensor mode() {
        return location;
    }

    /** Both tails are precise to 10^-16 absolutely. */
    @Override
    public Tensor cdf(Tensor value) {
        Tensor x = Parameters.value("cdf", this, value);
        Tensor z = x.sub(location).div(scale);
        // the slope of the beta function at 0 is infinite
        Tensor t = z.add(z.eq(0).where(1e-18, 0).cast(dtype()));
        Tensor square = t.square();
        Tensor half = Special.betainc(Parameters.filled(this, 0.5), degrees.mul(0.5), square.div(square.add(degrees)));
        return half.mul(t.detached().sign()).mul(0.5).add(0.5);
    }
}
