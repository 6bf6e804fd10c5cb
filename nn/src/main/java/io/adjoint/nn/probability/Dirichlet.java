package io.adjoint.nn.probability;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/**
 * Shares of a whole: {@code density} proportional to {@code prod x_k^(a_k - 1)} for x_k from 0 on of sum 1, with a =
 * concentration. Samples are shares of gamma distributed numbers, through which gradients flow.
 *
 * @param concentration {@code [..., classes]}, above 0
 */
public record Dirichlet(Tensor concentration) implements Distribution {
    /**
     * Parameters are broadcast and take one dtype.
     *
     * @throws ShapeException if none is a float, or shapes do not fit
     */
    public Dirichlet {
        Parameters.requireRank("dirichlet", "concentration", concentration, 1);
    }

    @Override
    public Shape batchShape() {
        return Parameters.outer(concentration.shape(), 1);
    }

    @Override
    public Shape eventShape() {
        return Shape.of(concentration.dim(-1));
    }

    @Override
    public DType dtype() {
        return concentration.dtype();
    }

    @Override
    public Tensor logProb(Tensor value) {
        Tensor x = Parameters.value(this, value);
        Tensor outside = x.lt(0).any(-1).or(x.sum(-1).sub(1).abs().gt(1e-5));
        Tensor inner = outside.unsqueeze(-1).where(1.0 / concentration.dim(-1), x);
        Tensor log = concentration.sub(1).xlogy(inner).sum(-1).add(concentration.sum(-1).lgamma())
                .sub(concentration.lgamma().sum(-1));
        return outside.where(Double.NEGATIVE_INFINITY, log);
    }

    @Override
    public Tensor sample(Rng rng, Shape sampleShape) {
        Shape whole = Parameters.join(Parameters.whole(this, sampleShape), eventShape());
        return Parameters.logGamma(rng, whole, concentration).softmax(-1).cast(dtype());
    }

    @Override
    public boolean isReparameterised() {
        return true;
    }

    @Override
    public Tensor entropy() {
        Tensor sum = concentration.sum(-1);
        Tensor classes = concentration.lgamma().sum(-1).sub(sum.lgamma());
        return classes.add(sum.sub(concentration.dim(-1)).mul(sum.digamma()))
                .sub(concentration.sub(1).mul(concentration.digamma()).sum(-1));
    }

    @Override
    public Tensor mean() {
        return concentration.div(total());
    }

    @Override
    public Tensor variance() {
        Tensor mean = mean();
        return mean.mul(mean.rsub(1)).div(total().add(1));
    }

    /** Right where all concentrations are above 1; NaN else. */
    @Override
    public Tensor mode() {
        Tensor less = concentration.sub(1);
        Tensor mode = less.div(less.sum(Axes.keep(-1)));
        return concentration.gt(1).all(Axes.keep(-1)).where(mode, Double.NaN);
    }

    private Tensor total() {
        return concentration.sum(Axes.keep(-1));
    }
}
