package io.adjoint.nn.probability;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Special;

/**
 * The beta distribution, {@code density x^(a - 1) (1 - x)^(b - 1) / B(a, b)} for x in [0, 1]. Samples are shares of two gamma
 * distributed numbers, through which gradients flow.
 *
 * @param a the concentration at 1, above 0
 * @param b the concentration at 0, above 0
 */
public record Beta(Tensor a, Tensor b) implements Distribution {
    /**
     * Parameters are broadcast and take one dtype.
     *
     * @throws ShapeException if none is a float, or shapes do not fit
     */
    public Beta {
        Tensor[] equal = Parameters.broadcast("beta", a, b);
        a = equal[0];
        b = equal[1];
    }

    @Override
    public Shape batchShape() {
        return a.shape();
    }

    @Override
    public DType dtype() {
        return a.dtype();
    }

    @Override
    public Tensor logProb(Tensor value) {
        Tensor x = Parameters.value(this, value);
        return Parameters.within(x, x.lt(0).or(x.gt(1)), 0.5,
                y -> a.sub(1).xlogy(y).add(b.sub(1).xlogy(y.rsub(1))).sub(Parameters.logBeta(a, b)));
    }

    @Override
    public Tensor sample(Rng rng, Shape sampleShape) {
        Shape whole = Parameters.whole(this, sampleShape);
        Tensor first = Parameters.logGamma(rng.stream(0), whole, a);
        Tensor second = Parameters.logGamma(rng.stream(1), whole, b);
        return first.sub(second).sigmoid().cast(dtype());
    }

    @Override
    public boolean isReparameterised() {
        return true;
    }

    @Override
    public Tensor entropy() {
        Tensor sum = a.add(b);
        return Parameters.logBeta(a, b).sub(a.sub(1).mul(a.digamma())).sub(b.sub(1).mul(b.digamma()))
                .add(sum.sub(2).mul(sum.digamma()));
    }

    @Override
    public Tensor mean() {
        return a.div(a.add(b));
    }

    @Override
    public Tensor variance() {
        Tensor sum = a.add(b);
        return a.mul(b).div(sum.square().mul(sum.add(1)));
    }

    /** Inside where both concentrations are above 1, else at the end of the smaller one; NaN where all values are alike. */
    @Override
    public Tensor mode() {
        Tensor isInner = a.gt(1).and(b.gt(1));
        Tensor inner = isInner.where(a.sub(1), 1).div(isInner.where(a.add(b).sub(2), 1));
        Tensor end = a.gt(b).where(1, a.lt(b).where(0, Parameters.filled(this, Double.NaN)));
        return isInner.where(inner, end);
    }

    @Override
    public Tensor cdf(Tensor value) {
        Tensor x = Parameters.value("cdf", this, value);
        return Special.betainc(a, b, x.clamp(0, 1));
    }
}
