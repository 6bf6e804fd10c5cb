package io.adjoint.nn.probability;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/**
 * Failures before the first success: {@code p (1 - p)^k} for k = 0, 1, ... with {@code p = sigmoid(logits)}. Samples are floats
 * without a gradient.
 *
 * @param logits {@code ln(p / (1 - p))} of the probability of success
 */
public record Geometric(Tensor logits) implements Distribution {
    /**
     * Parameters are broadcast and take one dtype.
     *
     * @throws ShapeException if none is a float, or shapes do not fit
     */
    public Geometric {
        Tensor[] equal = Parameters.broadcast("geometric", logits);
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
    public static Geometric ofProbabilities(Tensor probabilities) {
        return new Geometric(probabilities.logit());
    }

    /** The probability of success. */
    public Tensor probabilities() {
        return logits.sigmoid();
    }

    @Override
    public Tensor logProb(Tensor value) {
        Tensor x = Parameters.value(this, value);
        return Parameters.within(x, Parameters.isNoCount(x), 0,
                k -> Parameters.weighted(k, logits.neg().logSigmoid()).add(logits.logSigmoid()));
    }

    @Override
    public Tensor sample(Rng rng, Shape sampleShape) {
        Tensor u = Parameters.uniform(rng, Parameters.whole(this, sampleShape));
        return u.log().div(logits.neg().logSigmoid()).floor().cast(dtype()).detached();
    }

    @Override
    public Tensor entropy() {
        return probabilities().entr().add(logits.neg().sigmoid().entr()).div(probabilities());
    }

    @Override
    public Tensor mean() {
        return logits.neg().exp();
    }

    @Override
    public Tensor variance() {
        return logits.neg().exp().div(probabilities());
    }

    @Override
    public Tensor mode() {
        return Parameters.filled(this, 0);
    }

    @Override
    public Tensor cdf(Tensor value) {
        Tensor x = Parameters.value("cdf", this, value);
        Tensor outside = x.lt(0);
        Tensor trials = outside.where(0, x).floor().add(1);
        return outside.where(0, trials.mul(logits.neg().logSigmoid()).expm1().neg());
    }
}
