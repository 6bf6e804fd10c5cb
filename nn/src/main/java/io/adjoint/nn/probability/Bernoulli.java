package io.adjoint.nn.probability;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/**
 * A coin: 1 with probability {@code sigmoid(logits)}, else 0. Samples are floats without a gradient.
 *
 * @param logits {@code ln(p / (1 - p))}
 */
public record Bernoulli(Tensor logits) implements Distribution {
    /**
     * Parameters are broadcast and take one dtype.
     *
     * @throws ShapeException if none is a float, or shapes do not fit
     */
    public Bernoulli {
        Tensor[] equal = Parameters.broadcast("bernoulli", logits);
        logits = equal[0];
    }

    @Override
    public Shape batchShape() {
        return logits.shape();
    }

    @Override
    public DType dtype() {
        return logits.dtype();
    }

    /** The distribution of these probabilities of success, in [0, 1]. */
    public static Bernoulli ofProbabilities(Tensor probabilities) {
        return new Bernoulli(probabilities.logit());
    }

    /** The probability of success. */
    public Tensor probabilities() {
        return logits.sigmoid();
    }

    @Override
    public Tensor logProb(Tensor value) {
        Tensor x = Parameters.value(this, value);
        Tensor outside = x.ne(0).and(x.ne(1)).and(x.isNaN().not());
        return Parameters.within(x, outside, 0, k -> k.isNaN().where(k,
                k.gt(0.5).where(logits.logSigmoid(), logits.neg().logSigmoid())));
    }

    @Override
    public Tensor sample(Rng rng, Shape sampleShape) {
        Shape whole = Parameters.whole(this, sampleShape);
        return Parameters.uniform(rng, whole).lt(probabilities().detached()).cast(dtype());
    }

    @Override
    public Tensor entropy() {
        return probabilities().entr().add(logits.neg().sigmoid().entr());
    }

    @Override
    public Tensor mean() {
        return probabilities();
    }

    @Override
    public Tensor variance() {
        return probabilities().mul(logits.neg().sigmoid());
    }

    @Override
    public Tensor mode() {
        return logits.gt(0).cast(dtype());
    }

    @Override
    public Tensor cdf(Tensor value) {
        Tensor x = Parameters.value("cdf", this, value);
        return x.lt(0).where(0, x.lt(1).where(logits.neg().sigmoid(), 1));
    }
}
