package io.adjoint.nn.loss;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.LikelihoodLosses;
import io.adjoint.autodiff.function.LikelihoodLosses.Terms;
import io.adjoint.autodiff.function.Reduction;
import java.util.Objects;

/**
 * The negative logarithm of the likelihood under a normal distribution of which mean and variance are predicted, as {@code
 * torch.nn.GaussianNLLLoss}: {@link LikelihoodLosses#gaussian(Tensor, Tensor, Tensor, Terms, double, Reduction)}.
 *
 * @param terms whether terms are part of it that do not depend on the prediction
 * @param epsilon the least variance
 * @param reduction how the losses become one
 */
public record GaussianNllLoss(Terms terms, double epsilon, Reduction reduction) {
    public GaussianNllLoss {
        Objects.requireNonNull(terms, "terms");
        Objects.requireNonNull(reduction, "reduction");
    }

    /** PyTorch's defaults: varying terms, epsilon 1e-6, the mean. */
    public static GaussianNllLoss standard() {
        return new GaussianNllLoss(Terms.VARYING, 1e-6, Reduction.MEAN);
    }

    /** The same with other terms. */
    public GaussianNllLoss withTerms(Terms other) {
        return new GaussianNllLoss(other, epsilon, reduction);
    }

    /** The same with another least variance. */
    public GaussianNllLoss withEpsilon(double other) {
        return new GaussianNllLoss(terms, other, reduction);
    }

    /** The same, joined in another way. */
    public GaussianNllLoss withReduction(Reduction other) {
        return new GaussianNllLoss(terms, epsilon, other);
    }

    /**
     * The loss.
     *
     * @param mean of any shape
     * @param target a shape that broadcasts with it
     * @param variance of the same shape as the mean, or with the last axis of extent 1, or without it
     * @throws ShapeException if the shapes do not fit
     */
    public Tensor of(Tensor mean, Tensor target, Tensor variance) {
        return LikelihoodLosses.gaussian(mean, target, variance, terms, epsilon, reduction);
    }
}
