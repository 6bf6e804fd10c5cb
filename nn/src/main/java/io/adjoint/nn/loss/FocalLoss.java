package io.adjoint.nn.loss;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.ClassOptions;
import io.adjoint.autodiff.function.FocalLosses;
import io.adjoint.autodiff.function.Reduction;
import java.util.Objects;

/**
 * Cross-entropy of logits that turns away from easy examples, {@code -w (1 - p)^focus ln p} of the label's probability p:
 * {@link FocalLosses#classes(Tensor, Tensor, double, ClassOptions, Reduction)}. Shapes as those of {@link CrossEntropyLoss} with
 * labels.
 *
 * @param focus the power; 0 is plain cross-entropy
 * @param options weights of the classes, the label that is ignored, smoothing
 * @param reduction how the losses become one
 */
public record FocalLoss(double focus, ClassOptions options, Reduction reduction) implements Loss {
    public FocalLoss {
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(reduction, "reduction");
    }

    /** Focus 2, no weights, label -100 ignored, the mean. */
    public static FocalLoss standard() {
        return new FocalLoss(2, ClassOptions.DEFAULT, Reduction.MEAN);
    }

    /** The same with another power. */
    public FocalLoss withFocus(double other) {
        return new FocalLoss(other, options, reduction);
    }

    /** The same with a weight for each class, {@code [classes]}. */
    public FocalLoss withWeights(Tensor perClass) {
        return new FocalLoss(focus, options.withWeights(perClass), reduction);
    }

    /** The same with another label to ignore. */
    public FocalLoss withIgnored(long label) {
        return new FocalLoss(focus, options.withIgnored(label), reduction);
    }

    /** The same, joined in another way. */
    public FocalLoss withReduction(Reduction other) {
        return new FocalLoss(focus, options, other);
    }

    @Override
    public Tensor of(Tensor prediction, Tensor target) {
        return FocalLosses.classes(prediction, target, focus, options, reduction);
    }
}
