package io.adjoint.nn.probability;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Special;

/**
 * The gamma distribution, {@code density rate^a x^(a - 1) e^(-rate x) / gamma(a)} with a = concentration, for x from 0 on. Samples
 * are quantiles of uniform numbers, so that gradients by both parameters flow through them (implicit reparameterisation:
 * Figurnov, Mohamed, Mnih 2018).
 *
 * @param concentration the shape, above 0
 * @param rate above 0
 */
public record Gamma(Tensor concentration, Tensor rate) implements Distribution {
    /**
     * Parameters are broadcast and take one dtype.
     *
     * @throws ShapeException if none is a float, or shapes do not fit
     */
    public Gamma {
        Tensor[] equal = Parameters.broadcast("gamma", concentration, rate);
        concentration = equal[0];
        rate = equal[1];
    }

    @Override
    public Shape batchShape() {
        return concentration.shape();
    }

    @Override
    public DType dtype() {
        return concentration.dtype();
    }

    @Override
    public Tensor logProb(Tensor value) {
        Tensor x = Parameters.value(this, value);
        return Parameters.within(x, x.lt(0), 1, y -> concentration.mul(rate.log()).add(concentration.sub(1).xlogy(y))
                .sub(rate.mul(y)).sub(concentration.lgamma()));
    }

    @Override
    public Tensor sample(Rng rng, Shape sampleShape) {
        Shape whole = Parameters.whole(this, sampleShape);
        return Parameters.logGamma(rng, whole, concentration).sub(rate.log()).exp().cast(dtype());
    }

    @Override
    public boolean isReparameterised() {
        return true;
    }

    @Override
    public Tensor entropy() {
        return concentration.sub(rate.log()).add(concentration.lgamma())
                .add(concentration.rsub(1).mul(concentration.digamma()));
    }

    @Override
    public Tensor mean() {
        return concentration.div(rate);
    }

    @Override
    public Tensor variance() {
        return concentration.div(rate.square());
    }

    @Override
    public Tensor mode() {
        return concentration.sub(1).clampMin(0).div(rate);
    }

    @Override
    public Tensor cdf(Tensor value) {
        Tensor x = Parameters.value("cdf", this, value);
        Tensor outside = x.le(0);
        return outside.where(0, Special.gammainc(concentration, outside.where(1, x).mul(rate)));
    }

    @Override
    public Tensor icdf(Tensor probability) {
        Tensor p = Parameters.value("icdf", this, probability);
        return Special.logGammaQuantile(concentration, p).exp().div(rate);
    }
}
