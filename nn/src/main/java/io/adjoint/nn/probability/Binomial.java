package io.adjoint.nn.probability;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Sampling;
import io.adjoint.autodiff.function.Special;
import java.util.Arrays;

/**
 * Successes among a number of independent trials, each with probability {@code sigmoid(logits)}. Samples are floats without a
 * gradient.
 *
 * @param trials how many, whole numbers from 0 to {@code most}
 * @param logits {@code ln(p / (1 - p))}
 * @param most the greatest number of trials there may be, which decides how many terms the entropy has
 */
public record Binomial(Tensor trials, Tensor logits, int most) implements Distribution {
    /**
     * Parameters are broadcast and take one dtype.
     *
     * @throws ShapeException if none is a float, shapes do not fit, or most is negative
     */
    public Binomial {
        if (most < 0) {
            throw ShapeException.of("binomial", "a negative number of trials").operand("most", most)
                    .expected("0 or more");
        }
        Tensor[] equal = Parameters.broadcast("binomial", trials, logits);
        trials = equal[0];
        logits = equal[1];
    }

    /** The same number of trials everywhere. */
    public static Binomial of(int trials, Tensor logits) {
        return new Binomial(Tensor.scalar(trials, DType.I64), logits, trials);
    }

    /** The same number of trials everywhere, with these probabilities of success, in [0, 1]. */
    public static Binomial ofProbabilities(int trials, Tensor probabilities) {
        return of(trials, probabilities.logit());
    }

    /** The probability of success. */
    public Tensor probabilities() {
        return logits.sigmoid();
    }

    @Override
    public Shape batchShape() {
        return logits.shape();
    }

    @Override
    public DType dtype() {
        return logits.dtype();
    }

    @Override
    public Tensor logProb(Tensor value) {
        Tensor x = Parameters.value(this, value);
        Tensor outside = Parameters.isNoCount(x).or(x.gt(trials));
        return Parameters.within(x, outside, 0, k -> {
            Tensor failures = trials.sub(k);
            Tensor ways = trials.add(1).lgamma().sub(k.add(1).lgamma()).sub(failures.add(1).lgamma());
            return ways.add(Parameters.weighted(k, logits.logSigmoid()))
                    .add(Parameters.weighted(failures, logits.neg().logSigmoid()));
        });
    }

    @Override
    public Tensor sample(Rng rng, Shape sampleShape) {
        Shape whole = Parameters.whole(this, sampleShape);
        Tensor counts = Sampling.binomial(rng, trials.expand(whole), probabilities().expand(whole));
        return counts.lt(0).where(Double.NaN, counts.cast(dtype()));
    }

    /** A sum over 0, 1, ..., {@code most}. */
    @Override
    public Tensor entropy() {
        Shape shape = Parameters.join(Shape.of(most + 1), ones(batchShape().rank()));
        Tensor logs = logProb(Tensor.range(most + 1).cast(dtype()).reshape(shape));
        return Parameters.weighted(logs.exp(), logs.isInf().where(0, logs)).sum(0).neg();
    }

    @Override
    public Tensor mean() {
        return trials.mul(probabilities());
    }

    @Override
    public Tensor variance() {
        return trials.mul(probabilities()).mul(logits.neg().sigmoid());
    }

    @Override
    public Tensor mode() {
        return trials.add(1).mul(probabilities()).floor().minimum(trials);
    }

    @Override
    public Tensor cdf(Tensor value) {
        Tensor x = Parameters.value("cdf", this, value);
        Tensor k = x.floor();
        Tensor isInner = k.ge(0).and(k.lt(trials));
        Tensor inner = isInner.where(k, 0);
        Tensor more = isInner.where(trials.sub(inner), 1);
        Tensor sum = Special.betainc(more, inner.add(1), logits.neg().sigmoid());
        return isInner.where(sum, k.lt(0).where(0, Parameters.filled(this, 1)));
    }

    private static Shape ones(int rank) {
        int[] dims = new int[rank];
        Arrays.fill(dims, 1);
        return Shape.of(dims);
    }
}
