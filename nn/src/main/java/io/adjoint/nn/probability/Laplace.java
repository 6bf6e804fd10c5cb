package io.adjoint.nn.probability;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/**
 * Two exponentials back to back, {@code density e^(-|x - location| / scale) / (2 scale)}.
 *
 * @param location mean, median and mode
 * @param scale above 0
 */
public record Laplace(Tensor location, Tensor scale) implements Distribution {
    /**
     * Parameters are broadcast and take one dtype.
     *
     * @throws ShapeException if none is a float, or shapes do not fit
     */
    public Laplace {
        Tensor[] equal = Parameters.broadcast("laplace", location, scale);
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
        return x.sub(location).abs().div(scale).neg().sub(scale.mul(2).log());
    }

    @Override
    public Tensor sample(Rng rng, Shape sampleShape) {
        Tensor p = Parameters.uniform(rng, Parameters.whole(this, sampleShape));
        return location.add(scale.mul(standard(p).cast(dtype())));
    }

    @Override
    public boolean isReparameterised() {
        return true;
    }

    @Override
    public Tensor entropy() {
        return scale.mul(2).log().add(1);
    }

    @Override
    public Tensor mean() {
        return location;
    }

    @Override
    public Tensor variance() {
        return scale.square().mul(2);
    }

    @Override
    public Tensor mode() {
        return location;
    }

    @Override
    public Tensor cdf(Tensor value) {
        Tensor x = Parameters.value("cdf", this, value);
        Tensor z = x.sub(location).div(scale);
        Tensor tail = z.abs().neg().exp().mul(0.5);
        return z.lt(0).where(tail, tail.rsub(1));
    }

    @Override
    public Tensor icdf(Tensor probability) {
        Tensor p = Parameters.value("icdf", this, probability);
        return location.add(scale.mul(standard(p)));
    }

    /** With the smaller of both tails, so that neither cancels. */
    private static Tensor standard(Tensor p) {
        Tensor isLeft = p.lt(0.5);
        Tensor distance = isLeft.where(p, p.rsub(1)).mul(2).log();
        return isLeft.where(distance, distance.neg());
    }
}
