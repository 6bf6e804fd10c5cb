package io.adjoint.nn.loss;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.ClassOptions;
import io.adjoint.autodiff.function.Losses;
import io.adjoint.autodiff.function.Reduction;
import java.util.Objects;

/**
 * The negative logarithm of the label's probability, {@code -prediction[label]} of logarithms of probabilities, as {@code
 * torch.nn.NLLLoss}: {@link Losses#negativeLogLikelihood(Tensor, Tensor, ClassOptions, Reduction)}. Shapes as those of
 * {@link CrossEntropyLoss} with labels.
 *
 * @param options weights of the classes, the label that is ignored, smoothing
 * @param reduction how the losses become one
 */
public record NllLoss(ClassOptions options, Reduction reduction) implements Loss {
    public NllLoss {
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(reduction, "reduction");
    }

    /** PyTorch's defaults: no weights, label -100 ignored, the mean. */
    public static NllLoss standard() {
        return new NllLoss(ClassOptions.DEFAULT, Reduction.MEAN);
    }

    /** The same with a weight for each class, {@code [classes]}. */
    public NllLoss withWeights(Tensor perClass) {
        return new NllLoss(options.withWeights(perClass), reduction);
    }

    /** The same with another label to ignore. */
    public NllLoss withIgnored(long label) {
        return new NllLoss(options.withIgnored(label), reduction);
    }

    /** The same, joined in another way. */
    public NllLoss withReduction(Reduction other) {
        return new NllLoss(options, other);
    }

    @Override
    public Tensor of(Tensor prediction, Tensor target) {
        return Losses.negativeLogLikelihood(prediction, target, options, reduction);
    }
}
