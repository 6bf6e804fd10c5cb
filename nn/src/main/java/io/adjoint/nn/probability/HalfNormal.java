package io.adjoint.nn.probability;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/**
 * The magnitude of a normal number of mean 0.
 *
 * @param scale the deviation of that number, above 0
 */
public record HalfNormal(Tensor scale) implements Distribution {
    /**
     * Parameters are broadcast and take one dtype.
     *
     * @throws ShapeException if none is a float, or shapes do not fit
     */
    public HalfNormal {
        Tensor[] equal = Parameters.broadcast("half_normal", scale);
        scale = equal[0];
    }

    @Override
    public Shape batchShape() {
        return scale.shape();
    }

    @Override
    public DType dtype() {
        return scale.dtype();
    }

    @Override
    public Tensor logProb(Tensor value) {
        Tensor x = Parameters.value(this, value);
        return Parameters.within(x, x.lt(0), 1,
                y -> y.div(scale).square().mul(-0.5).sub(scale.log()).add(0.5 * Math.log(2 / Math.PI)));
    }

    @Override
    public Tensor sample(Rng rng, Shape sampleShape) {
        return scale.mul(rng.normal(Parameters.whole(this, sampleShape), dtype()).abs());
    }

    @Override
    public boolean isReparameterised() {
        return true;
    }

    @Override
    public Tensor entropy() {
        return scale.log().add(0.5 * Math.log(Math.PI / 2) + 0.5);
    }

    @Override
    public Tensor mean() {
        return scale.mul(Math.sqrt(2 / Math.PI));
    }

    @Override
    public Tensor variance() {
        return scale.square().mul(1 - 2 / Math.PI);
    }

    @Override
    public Tensor mode() {
        return Parameters.filled(this, 0);
    }

    @Override
    public Tensor cdf(Tensor value) {
        Tensor x = Parameters.value("cdf", this, value);
        return x.clampMin(0).div(scale).mul(Math.sqrt(0.5)).erf();
    }

    @Override
    public Tensor icdf(Tensor probability) {
        Tensor p = Parameters.value("icdf", this, probability);
        return p.erfinv().mul(Math.sqrt(2)).mul(scale).add(p.lt(0).where(Double.NaN, 0).cast(dtype()));
    }
}
