package io.adjoint.nn.probability;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/**
 * Numbers spread evenly over [low, high).
 *
 * @param low the least
 * @param high above low
 */
public record Uniform(Tensor low, Tensor high) implements Distribution {
    /**
     * Parameters are broadcast and take one dtype.
     *
     * @throws ShapeException if none is a float, or shapes do not fit
     */
    public Uniform {
        Tensor[] equal = Parameters.broadcast("uniform", low, high);
        low = equal[0];
        high = equal[1];
    }

    @Override
    public Shape batchShape() {
        return low.shape();
    }

    @Override
    public DType dtype() {
        return low.dtype();
    }

    @Override
    public Tensor logProb(Tensor value) {
        Tensor x = Parameters.value(this, value);
        Tensor outside = x.lt(low).or(x.ge(high));
        return Parameters.within(x, outside, 0, y -> high.sub(low).log().neg().add(y.mul(0)));
    }

    @Override
    public Tensor sample(Rng rng, Shape sampleShape) {
        return low.add(high.sub(low).mul(rng.uniform(Parameters.whole(this, sampleShape), dtype())));
    }

    @Override
    public boolean isReparameterised() {
        return true;
    }

    @Override
    public Tensor entropy() {
        return high.sub(low).log();
    }

    @Override
    public Tensor mean() {
        return low.add(high).mul(0.5);
    }

    @Override
    public Tensor variance() {
        return high.sub(low).square().div(12);
    }

    @Override
    public Tensor cdf(Tensor value) {
        Tensor x = Parameters.value("cdf", this, value);
        return x.sub(low).div(high.sub(low)).clamp(0, 1);
    }

    @Override
    public Tensor icdf(Tensor probability) {
        Tensor p = Parameters.value("icdf", this, probability);
        Tensor outside = p.lt(0).or(p.gt(1));
        return outside.where(Double.NaN, low.add(high.sub(low).mul(p)));
    }
}
