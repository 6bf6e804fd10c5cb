package io.adjoint.nn.probability;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/**
 * The normal distribution, {@code density e^(-z^2 / 2) / (scale sqrt(2 pi))} with {@code z = (x - location) / scale}.
 *
 * @param location the mean
 * @param scale the deviation, above 0
 */
public record Normal(Tensor location, Tensor scale) implements Distribution {
    /**
     * Parameters are broadcast and take one dtype.
     *
     * @throws ShapeException if none is a float, or shapes do not fit
     */
    public Normal {
        Tensor[] equal = Parameters.broadcast("normal", location, scale);
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
        return z.square().mul(-0.5).sub(scale.log()).sub(0.5 * Parameters.LN_2PI);
    }

    @Override
    public Tensor sample(Rng rng, Shape sampleShape) {
        return location.add(scale.mul(rng.normal(Parameters.whole(this, sampleShape), dtype())));
    }

    @Override
    public boolean isReparameterised() {
        return true;
    }

    @Override
    public Tensor entropy() {
        return scale.log().add(0.5 + 0.5 * Parameters.LN_2PI);
    }

    @Override
    public Tensor mean() {
        return location;
    }

    @Override
    public Tensor variance() {
        return scale.square();
    }

    @Override
    public Tensor mode() {
        return location;
    }

    @Override
    public Tensor cdf(Tensor value) {
        return Parameters.value("cdf", this, value).sub(location).div(scale).ndtr();
    }

    @Override
    public Tensor icdf(Tensor probability) {
        Tensor p = Parameters.value("icdf", this, probability);
        return p.mul(2).sub(1).erfinv().mul(Math.sqrt(2)).mul(scale).add(location);
    }
}
