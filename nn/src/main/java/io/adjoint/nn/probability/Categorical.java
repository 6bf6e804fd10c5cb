package io.adjoint.nn.probability;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/**
 * One of several classes: {@code softmax(logits)[k]} for k = 0, 1, ... Samples and values are class numbers, I64.
 *
 * @param logits {@code [..., classes]}; what is kept are logarithms of probabilities
 */
public record Categorical(Tensor logits) implements Distribution {
    /**
     * Parameters are broadcast and take one dtype.
     *
     * @throws ShapeException if none is a float, or shapes do not fit
     */
    public Categorical {
        Parameters.requireRank("categorical", "logits", logits, 1);
        if (logits.dim(-1) == 0) {
            throw ShapeException.of("categorical", "no classes").operand("logits", logits.shape())
                    .expected("[..., classes] with a class or more");
        }
        logits = logits.logSoftmax(-1);
    }

    @Override
    public Shape batchShape() {
        return Parameters.outer(logits.shape(), 1);
    }

    @Override
    public DType dtype() {
        return logits.dtype();
    }

    /** The distribution of these probabilities, {@code [..., classes]}, 0 or more, which are divided by their sum. */
    public static Categorical ofProbabilities(Tensor probabilities) {
        return new Categorical(probabilities.log());
    }

    /** The probability of each class, {@code [..., classes]}. */
    public Tensor probabilities() {
        return logits.exp();
    }

    /**
     * The logarithm of the probability of a class.
     *
     * @param value class numbers, of any dtype
     */
    @Override
    public Tensor logProb(Tensor value) {
        Tensor x = Parameters.value(this, value);
        Tensor outside = Parameters.isNoCount(x).or(x.ge(logits.dim(-1)));
        Tensor classes = outside.or(x.isNaN()).where(0, x).cast(DType.I64);
        Shape shape = Shape.broadcast("log_prob", classes.shape(), batchShape());
        Tensor rows = logits.expand(Parameters.join(shape, Shape.of(logits.dim(-1))));
        Tensor taken = rows.takeAlongAxis(-1, classes.expand(shape).unsqueeze(-1)).squeeze(-1);
        return outside.where(Double.NEGATIVE_INFINITY, taken).add(x.isNaN().where(Double.NaN, 0).cast(dtype()));
    }

    /** Gumbel's way: the class of which the logarithm plus noise is greatest. */
    @Override
    public Tensor sample(Rng rng, Shape sampleShape) {
        Shape whole = Parameters.join(Parameters.whole(this, sampleShape), Shape.of(logits.dim(-1)));
        Tensor noise = Parameters.uniform(rng, whole).log().neg().log().neg();
        return logits.detached().add(noise).argmax(-1);
    }

    @Override
    public Tensor entropy() {
        return probabilities().entr().sum(-1);
    }

    @Override
    public Tensor mode() {
        return logits.argmax(-1);
    }

    @Override
    public Tensor cdf(Tensor value) {
        Tensor x = Parameters.value("cdf", this, value);
        Shape shape = Shape.broadcast("cdf", x.shape(), batchShape());
        Tensor upTo = Tensor.range(logits.dim(-1)).cast(dtype()).le(x.expand(shape).unsqueeze(-1));
        return upTo.where(probabilities(), 0).sum(-1);
    }
}
