package io.adjoint.nn.probability;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/**
 * How often each of several classes is drawn in a number of independent draws. Samples are floats without a gradient; memory
 * for them grows with the number of draws.
 *
 * @param draws how many, 0 or more
 * @param logits {@code [..., classes]}; what is kept are logarithms of probabilities
 */
public record Multinomial(int draws, Tensor logits) implements Distribution {
    /**
     * Logits are normalised.
     *
     * @throws ShapeException if they are no floats, there is no class, or the draws are negative
     */
    public Multinomial {
        if (draws < 0) {
            throw ShapeException.of("multinomial", "a negative number of draws").operand("draws", draws)
                    .expected("0 or more");
        }
        Parameters.requireRank("multinomial", "logits", logits, 1);
        if (logits.dim(-1) == 0) {
            throw ShapeException.of("multinomial", "no classes").operand("logits", logits.shape())
                    .expected("[..., classes] with a class or more");
        }
        logits = logits.logSoftmax(-1);
    }

    /** The distribution of these probabilities, {@code [..., classes]}, 0 or more, which are divided by their sum. */
    public static Multinomial ofProbabilities(int draws, Tensor probabilities) {
        return new Multinomial(draws, probabilities.log());
    }

    /** The probability of each class, {@code [..., classes]}. */
    public Tensor probabilities() {
        return logits.exp();
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

    @Override
    public Tensor logProb(Tensor value) {
        Tensor x = Parameters.value(this, value);
        Tensor outside = Parameters.isNoCount(x).any(-1).or(x.sum(-1).ne(draws));
        Tensor counts = outside.unsqueeze(-1).where(0, x);
        Tensor ways = counts.add(1).lgamma().sum(-1).rsub(factorial());
        Tensor log = Parameters.weighted(counts, logits).sum(-1).add(ways);
        return outside.where(Double.NEGATIVE_INFINITY, log);
    }

    @Override
    public Tensor sample(Rng rng, Shape sampleShape) {
        Shape shape = Parameters.join(Shape.of(draws), sampleShape);
        return new Categorical(logits).sample(rng, shape).oneHot(logits.dim(-1)).sum(0).cast(dtype());
    }

    /** By the entropies of the draws, less what their order would tell. */
    @Override
    public Tensor entropy() {
        Tensor k = Tensor.range(draws + 1).cast(dtype()).unsqueeze(-1);
        Tensor p = probabilities().unsqueeze(-2);
        Tensor one = new Binomial(Tensor.scalar(draws, dtype()), p.logit(), draws).logProb(k).exp();
        Tensor orders = one.mul(k.add(1).lgamma()).sum(-2, -1);
        return probabilities().entr().sum(-1).mul(draws).sub(factorial()).add(orders);
    }

    @Override
    public Tensor mean() {
        return probabilities().mul(draws);
    }

    @Override
    public Tensor variance() {
        return probabilities().mul(probabilities().rsub(1)).mul(draws);
    }

    private double factorial() {
        double sum = 0;
        for (int k = 2; k <= draws; k++) {
            sum += StrictMath.log(k);
        }
        return sum;
    }
}
