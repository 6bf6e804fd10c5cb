package io.adjoint.nn.probability;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Sampling;
import io.adjoint.autodiff.function.Special;

/**
 * Counts of rare events, {@code rate^k e^-rate / k!} for k = 0, 1, ... Samples are floats without a gradient.
 *
 * @param rate the mean, 0 or more
 */
public record Poisson(Tensor rate) implements Distribution {
    /**
     * Parameters are broadcast and take one dtype.
     *
     * @throws ShapeException if none is a float, or shapes do not fit
     */
    public Poisson {
        Tensor[] equal = Parameters.broadcast("poisson", rate);
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
        return Parameters.within(x, Parameters.isNoCount(x), 0, k -> k.xlogy(rate).sub(rate).sub(k.add(1).lgamma()));
    }

    @Override
    public Tensor sample(Rng rng, Shape sampleShape) {
        Tensor counts = Sampling.poisson(rng, rate.expand(Parameters.whole(this, sampleShape)));
        return counts.lt(0).where(Double.NaN, counts.cast(dtype()));
    }

    @Override
    public Tensor mean() {
        return rate;
    }

    @Override
    public Tensor variance() {
        return rate;
    }

    @Override
    public Tensor mode() {
        return rate.floor();
    }

    @Override
    public Tensor cdf(Tensor value) {
        Tensor x = Parameters.value("cdf", this, value);
        Tensor outside = x.lt(0);
        return outside.where(0, Special.gammaincc(outside.where(0, x).floor().add(1), rate));
    }
}
