package io.adjoint.nn.probability;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/**
 * The greatest of many: {@code cdf e^(-e^-z)} with {@code z = (x - location) / scale}. Gumbel 1954.
 *
 * @param location the mode
 * @param scale above 0
 */
public record Gumbel(Tensor location, Tensor scale) implements Distribution {
    /**
     * Parameters are broadcast and take one dtype.
     *
     * @throws ShapeException if none is a float, or shapes do not fit
     */
    public Gumbel {
        Tensor[] equal = Parameters.broadcast("gumbel", location, scale);
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
        return z.add(z.neg().exp()).neg().sub(scale.log());
    }

    @Override
    public Tensor sample(Rng rng, Shape sampleShape) {
        Tensor p = Parameters.uniform(rng, Parameters.whole(this, sampleShape));
        return location.sub(scale.mul(p.log().neg().log().cast(dtype())));
    }

    @Override
    public boolean isReparameterised() {
        return true;
    }

    @Override
    public Tensor entropy() {
        return scale.log().add(1 + Parameters.EULER);
    }

    @Override
    public Tensor mean() {
        return location.add(scale.mul(Parameters.EULER));
    }

    @Override
    public Tensor variance() {
        return scale.square().mul(Math.PI * Math.PI / 6);
    }

    @Override
    public Tensor mode() {
        return location;
    }

    @Override
    public Tensor cdf(Tensor value) {
        Tensor x = Parameters.value("cdf", this, value);
        return x.sub(location).div(scale).neg().exp().neg().exp();
    }

    @Override
    public Tensor icdf(Tensor probability) {
        Tensor p = Parameters.value("icdf", this, probability);
        return location.sub(scale.mul(p.log().neg().log()));
    }
}
