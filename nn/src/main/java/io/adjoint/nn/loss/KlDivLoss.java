package io.adjoint.nn.loss;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.LikelihoodLosses;
import io.adjoint.autodiff.function.LikelihoodLosses.Scale;
import io.adjoint.autodiff.function.Reduction;
import java.util.Objects;

/**
 * The terms of the Kullback-Leibler divergence from predicted logarithms of probabilities to the target, as {@code
 * torch.nn.KLDivLoss}: {@link LikelihoodLosses#klDivergence(Tensor, Tensor, Scale, Reduction)}. The divergence itself is the
 * reduction {@link Reduction#BATCH_MEAN}; the mean of PyTorch's default divides by the number of elements.
 *
 * <p>Shapes: prediction of any shape, target of the same shape; the result has it too, or is a scalar, by the reduction.
 *
 * @param scale whether the target is probabilities or their logarithms
 * @param reduction how the losses become one
 */
public record KlDivLoss(Scale scale, Reduction reduction) implements Loss {
    public KlDivLoss {
        Objects.requireNonNull(scale, "scale");
        Objects.requireNonNull(reduction, "reduction");
    }

    /** PyTorch's defaults: a target of probabilities, the mean over all elements. */
    public static KlDivLoss standard() {
        return new KlDivLoss(Scale.PLAIN, Reduction.MEAN);
    }

    /** The same for a target of probabilities, or of their logarithms. */
    public KlDivLoss withScale(Scale other) {
        return new KlDivLoss(other, reduction);
    }

    /** The same, joined in another way. */
    public KlDivLoss withReduction(Reduction other) {
        return new KlDivLoss(scale, other);
    }

    @Override
    public Tensor of(Tensor prediction, Tensor target) {
        return LikelihoodLosses.klDivergence(prediction, target, scale, reduction);
    }
}
