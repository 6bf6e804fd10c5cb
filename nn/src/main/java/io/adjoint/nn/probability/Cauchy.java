package io.adjoint.nn.probability;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/**
 * The distribution of Cauchy, {@code density 1 / (pi scale (1 + z^2))} with {@code z = (x - location) / scale}; it has no mean.
 *
 * @param location median and mode
 * @param scale half the width at half the height, above 0
 */
public record Cauchy(Tensor location, Tensor scale) implements Distribution {
    /**
     * Parameters are broadcast and take one dtype.
     *
     * @throws ShapeException if none is a float, or shapes do not fit
     */
    public Cauchy {
        Tensor[] equal = Parameters.broadcast("cauchy", location, scale);
        location = equal[0];
        scale = equal[1];
    }

    @Override
    public Shape batchShape() {
        return location.shape();
    }

    @Override
    public DType dtype() {
        return location.dtype();
    }

    @Override
    public Tensor logProb(Tensor value) {
        Tensor z = Parameters.value(this, value).sub(location).div(scale);
        return z.square().log1p().neg().sub(scale.log()).sub(Math.log(Math.PI));
    }

    @Override
    public Tensor sample(Rng rng, Shape sampleShape) {
        Tensor p = Parameters.uniform(rng, Parameters.whole(this, sampleShape));
        return location.add(scale.mul(p.sub(0.5).mul(Math.PI).tan().cast(dtype())));
    }

    @Override
    public boolean isReparameterised() {
        return true;
    }

    @Override
    public Tensor entropy() {
        return scale.log().add(Math.log(4 * Math.PI));
    }

    @Override
    public Tensor mean() {
        return Parameters.filled(this, Double.NaN);
    }

    @Override
    public Tensor variance() {
        return Parameters.filled(this, Double.NaN);
    }

    @Override
    public Tensor mode() {
        return location;
    }

    @Override
    public Tensor cdf(Tensor value) {
        Tensor x = Parameters.value("cdf", this, value);
        return x.sub(location).div(scale).atan().div(Math.PI).add(0.5);
    }

    @Override
    public Tensor icdf(Tensor probability) {
        Tensor p = Parameters.value("icdf", this, probability);
        Tensor outside = p.lt(0).or(p.gt(1));
        return outside.where(Double.NaN, location.add(scale.mul(p.sub(0.5).mul(Math.PI).tan())));
    }
}
