package io.adjoint.nn.loss;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.LikelihoodLosses;
import io.adjoint.autodiff.function.LikelihoodLosses.Scale;
import io.adjoint.autodiff.function.LikelihoodLosses.Terms;
import io.adjoint.autodiff.function.Reduction;
import java.util.Objects;

/**
 * The negative logarithm of the likelihood of counts, as {@code torch.nn.PoissonNLLLoss}: {@link
 * LikelihoodLosses#poisson(Tensor, Tensor, Scale, Terms, double, Reduction)}.
 *
 * <p>Shapes: prediction of any shape, target of the same shape; the result has it too, or is a scalar, by the reduction.
 *
 * @param scale whether the prediction is rates or their logarithms
 * @param terms whether terms are part of it that do not depend on the prediction
 * @param epsilon added to a plain rate before its logarithm
 * @param reduction how the losses become one
 */
public record PoissonNllLoss(Scale scale, Terms terms, double epsilon, Reduction reduction) implements Loss {
    public PoissonNllLoss {
        Objects.requireNonNull(scale, "scale");
        Objects.requireNonNull(terms, "terms");
        Objects.requireNonNull(reduction, "reduction");
    }

    /** PyTorch's defaults: logarithms of rates, varying terms, epsilon 1e-8, the mean. */
    public static PoissonNllLoss standard() {
        return new PoissonNllLoss(Scale.LOGARITHM, Terms.VARYING, 1e-8, Reduction.MEAN);
    }

    /** The same of rates, or of their logarithms. */
    public PoissonNllLoss withScale(Scale other) {
        return new PoissonNllLoss(other, terms, epsilon, reduction);
    }

    /** The same with other terms. */
    public PoissonNllLoss withTerms(Terms other) {
        return new PoissonNllLoss(scale, other, epsilon, reduction);
    }

    /** The same with another number added to rates. */
    public PoissonNllLoss withEpsilon(double other) {
        return new PoissonNllLoss(scale, terms, other, reduction);
    }

    /** The same, joined in another way. */
    public PoissonNllLoss withReduction(Reduction other) {
        return new PoissonNllLoss(scale, terms, epsilon, other);
    }

    @Override
    public Tensor of(Tensor prediction, Tensor target) {
        return LikelihoodLosses.poisson(prediction, target, scale, terms, epsilon, reduction);
    }
}
