package io.adjoint.nn.uncertainty;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.probability.Normal;

/**
 * Numbers that several models, or passes of one, predict, as a mixture of normal distributions (Lakshminarayanan, Pritzel,
 * Blundell, "Simple and scalable predictive uncertainty estimation using deep ensembles", 2017).
 *
 * @param means {@code [members, ...]}
 * @param variances those that each of the members expects around its mean, of the same shape; 0 if it says nothing
 */
public record RegressionPredictions(Tensor means, Tensor variances) {
    /**
     * Predictions of given means and variances.
     *
     * @throws ShapeException if there are no members, or shapes differ
     */
    public RegressionPredictions {
        if (!means.dtype().isFloat() || means.rank() < 1 || means.dim(0) == 0
                || !variances.shape().equals(means.shape())) {
            throw ShapeException.of("regression_predictions", "no predictions of several members")
                    .operand("means", means.spec()).operand("variances", variances.spec())
                    .expected("floats [members, ...], both of one shape");
        }
    }

    /** Predictions of members that say nothing about their variance, {@code [members, ...]}. */
    public static RegressionPredictions of(Tensor means) {
        return new RegressionPredictions(means, Tensor.zeros(Shape.scalar(), means.dtype()).expand(means.shape()));
    }

    /** The average of the means, {@code [...]}. */
    public Tensor mean() {
        return means.mean(0);
    }

    /** The variance of the means: what the members disagree about, and more data would take away, {@code [...]}. */
    public Tensor epistemicVariance() {
        return means.sub(mean()).square().mean(0);
    }

    /** The average of the variances: what stays, {@code [...]}. */
    public Tensor aleatoricVariance() {
        return variances.mean(0);
    }

    /** The variance of the mixture, the sum of both, {@code [...]}. */
    public Tensor variance() {
        return epistemicVariance().add(aleatoricVariance());
    }

    /** The normal distribution with mean and variance of the mixture. */
    public Normal normal() {
        return new Normal(mean(), variance().sqrt());
    }
}
