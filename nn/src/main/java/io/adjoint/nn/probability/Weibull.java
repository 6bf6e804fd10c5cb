package io.adjoint.nn.probability;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/**
 * Life times, {@code cdf 1 - e^(-(x / scale)^concentration)} for x from 0 on.
 *
 * @param scale above 0
 * @param concentration the shape k, above 0: below 1 the early years are the most dangerous
 */
public record Weibull(Tensor scale, Tensor concentration) implements Distribution {
    /**
     * Parameters are broadcast and take one dtype.
     *
     * @throws ShapeException if none is a float, or shapes do not fit
     */
    public Weibull {
        Tensor[] equal = Parameters.broadcast("weibull", scale, concentration);
        scale = equal[0];
        concentration = equal[1];
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
        return Parameters.within(x, x.lt(0), 1, y -> {
            Tensor ratio = y.div(scale);
            return concentration.sub(1).xlogy(ratio).sub(ratio.pow(concentration)).add(concentration.log())
                    .sub(scale.log());
        });
    }

    @Override
    public Tensor sample(Rng rng, Shape sampleShape) {
        Tensor p = Parameters.uniform(rng, Parameters.whole(this, sampleShape));
        return scale.mul(p.log().neg().pow(concentration.reciprocal())).cast(dtype());
    }

    @Override
    public boolean isReparameterised() {
        return true;
    }

    @Override
    public Tensor entropy() {
        return concentration.reciprocal().rsub(1).mul(Parameters.EULER).add(scale.div(concentration).log()).add(1);
    }

    @Override
    public Tensor mean() {
        return scale.mul(moment(1));
    }

    @Override
    public Tensor variance() {
        return scale.square().mul(moment(2).sub(moment(1).square()));
    }

    @Override
    public Tensor mode() {
        Tensor isInner = concentration.gt(1);
        Tensor safe = isInner.where(concentration, 2);
        return isInner.where(scale.mul(safe.reciprocal().rsub(1).pow(safe.reciprocal())), 0);
    }

    @Override
    public Tensor cdf(Tensor value) {
        Tensor x = Parameters.value("cdf", this, value);
        Tensor outside = x.le(0);
        return outside.where(0, outside.where(1, x).div(scale).pow(concentration).neg().expm1().neg());
    }

    @Override
    public Tensor icdf(Tensor probability) {
        Tensor p = Parameters.value("icdf", this, probability);
        return scale.mul(p.neg().log1p().neg().pow(concentration.reciprocal()));
    }

    /** {@code gamma(1 + n / k)}. */
    private Tensor moment(int n) {
        return concentration.reciprocal().mul(n).add(1).lgamma().exp();
    }
}
