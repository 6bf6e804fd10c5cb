package io.adjoint.nn.probability;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/**
 * Numbers whose logarithm is normal: {@code x = e^(location + scale z)}, above 0.
 *
 * @param location the mean of the logarithm
 * @param scale the deviation of the logarithm, above 0
 */
public record LogNormal(Tensor location, Tensor scale) implements Distribution {
    /**
     * Parameters are broadcast and take one dtype.
     *
     * @throws ShapeException if none is a float, or shapes do not fit
     */
    public LogNormal {
        Tensor[] equal = Parameters.broadcast("log_normal", location, scale);
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
        Tensor x = Parameters.value(this, value);
        return Parameters.within(x, x.le(0), 1, y -> logarithm().logProb(y.log()).sub(y.log()));
    }

    @Override
    public Tensor sample(Rng rng, Shape sampleShape) {
        return logarithm().sample(rng, sampleShape).exp();
    }

    @Override
    public boolean isReparameterised() {
        return true;
    }

    @Override
    public Tensor entropy() {
        return logarithm().entropy().add(location);
    }

    @Override
    public Tensor mean() {
        return location.add(scale.square().mul(0.5)).exp();
    }

    @Override
    public Tensor variance() {
        return scale.square().expm1().mul(location.mul(2).add(scale.square()).exp());
    }

    @Override
    public Tensor mode() {
        return location.sub(scale.square()).exp();
    }

    @Override
    public Tensor cdf(Tensor value) {
        Tensor x = Parameters.value("cdf", this, value);
        Tensor outside = x.le(0);
        return outside.where(0, logarithm().cdf(outside.where(1, x).log()));
    }

    @Override
    public Tensor icdf(Tensor probability) {
        return logarithm().icdf(probability).exp();
    }

    /** The distribution of the logarithm. */
    public Normal logarithm() {
        return new Normal(location, scale);
    }
}
