package io.adjoint.nn.probability;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/**
 * Waiting times, {@code density rate e^(-rate x)} for x from 0 on.
 *
 * @param rate above 0
 */
public record Exponential(Tensor rate) implements Distribution {
    /**
     * Parameters are broadcast and take one dtype.
     *
     * @throws ShapeException if none is a float, or shapes do not fit
     */
    public Exponential {
        Tensor[] equal = Parameters.broadcast("exponential", rate);
        rate = equal[0];
    }

    @Override
    public Shape batchShape() {
        return rate.shape();
    }

    @Override
    public DType dtype() {
        return rate.dtype();
    }

    @Override
    public Tensor logProb(Tensor value) {
        Tensor x = Parameters.value(this, value);
        return Parameters.within(x, x.lt(0), 1, y -> rate.log().sub(rate.mul(y)));
    }

    @Override
    public Tensor sample(Rng rng, Shape sampleShape) {
        return Parameters.uniform(rng, Parameters.whole(this, sampleShape)).log().neg().div(rate).cast(dtype());
    }

    @Override
    public boolean isReparameterised() {
        return true;
    }

    @Override
    public Tensor entropy() {
        return rate.log().rsub(1);
    }

    @Override
    public Tensor mean() {
        return rate.reciprocal();
    }

    @Override
    public Tensor variance() {
        return rate.square().reciprocal();
    }

    @Override
    public Tensor mode() {
        return Parameters.filled(this, 0);
    }

    @Override
    public Tensor cdf(Tensor value) {
        Tensor x = Parameters.value("cdf", this, value);
        return x.clampMin(0).mul(rate).neg().expm1().neg();
    }

    @Override
    public Tensor icdf(Tensor probability) {
        Tensor p = Parameters.value("icdf", this, probability);
        return p.neg().log1p().neg().div(rate).add(p.lt(0).where(Double.NaN, 0).cast(dtype()));
    }
}
