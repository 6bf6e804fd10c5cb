package io.adjoint.nn.probability;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/**
 * One of several classes as a vector that is 1 at its place and 0 elsewhere. Samples are floats without a gradient.
 *
 * @param logits {@code [..., classes]}; what is kept are logarithms of probabilities
 */
public record OneHotCategorical(Tensor logits) implements Distribution {
    /**
     * Parameters are broadcast and take one dtype.
     *
     * @throws ShapeException if none is a float, or shapes do not fit
     */
    public OneHotCategorical {
        Parameters.requireRank("one_hot_categorical", "logits", logits, 1);
        if (logits.dim(-1) == 0) {
            throw ShapeException.of("one_hot_categorical", "no classes").operand("logits", logits.shape())
                    .expected("[..., classes] with a class or more");
        }
        logits = logits.logSoftmax(-1);
    }

    @Override
    public Shape batchShape() {
        return Parameters.outer(logits.shape(), 1);
    }

    @Override
    public Shape eventShape() {
        return Shape.of(logits.dim(-1));
    }

    @Override
    public DType dtype() {
        return logits.dtype();
    }

    /** The distribution of these probabilities, {@code [..., classes]}, 0 or more, which are divided by their sum. */
    public static OneHotCategorical ofProbabilities(Tensor probabilities) {
        return new OneHotCategorical(probabilities.log());
    }

    /** The probability of each class, {@code [..., classes]}. */
    public Tensor probabilities() {
        return logits.exp();
    }

    /** The distribution of the class number. */
    public Categorical categorical() {
        return new Categorical(logits);
    }

    @Override
    public Tensor logProb(Tensor value) {
        Tensor x = Parameters.value(this, value);
        Tensor isOne = x.eq(1);
        Tensor isVector = x.eq(0).or(isOne).all(-1).and(x.sum(-1).eq(1));
        Tensor log = isOne.where(logits, 0).sum(-1);
        return isVector.where(log, Double.NEGATIVE_INFINITY);
    }

    @Override
    public Tensor sample(Rng rng, Shape sampleShape) {
        return categorical().sample(rng, sampleShape).oneHot(logits.dim(-1)).cast(dtype());
    }

    @Override
    public Tensor entropy() {
        return probabilities().entr().sum(-1);
    }

    @Override
    public Tensor mean() {
        return probabilities();
    }

    @Override
    public Tensor variance() {
        return probabilities().mul(probabilities().rsub(1));
    }

    @Override
    public Tensor mode() {
        return logits.argmax(-1).oneHot(logits.dim(-1)).cast(dtype());
    }
}
