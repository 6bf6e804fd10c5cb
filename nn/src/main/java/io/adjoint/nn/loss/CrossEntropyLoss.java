package io.adjoint.nn.loss;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.ClassOptions;
import io.adjoint.autodiff.function.Losses;
import io.adjoint.autodiff.function.Reduction;
import java.util.Objects;

/**
 * Cross-entropy of logits, {@code -ln softmax(prediction)[label]}, or of a distribution, as {@code torch.nn.CrossEntropyLoss}:
 * {@link Losses#crossEntropy(Tensor, Tensor, ClassOptions, Reduction)}.
 *
 * <p>Shapes: prediction {@code [n, classes]}, {@code [n, classes, ...]} or {@code [classes]}; target the same without the class
 * axis, I64 or I32 labels, or of the shape of the prediction, float probabilities.
 *
 * @param options weights of the classes, the label that is ignored, smoothing
 * @param reduction how the losses become one
 */
public record CrossEntropyLoss(ClassOptions options, Reduction reduction) implements Loss {
    public CrossEntropyLoss {
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(reduction, "reduction");
    }

    /** PyTorch's defaults: no weights, label -100 ignored, no smoothing, the mean. */
    public static CrossEntropyLoss standard() {
        return new CrossEntropyLoss(ClassOptions.DEFAULT, Reduction.MEAN);
    }

    /** The same with a weight for each class, {@code [classes]}. */
    public CrossEntropyLoss withWeights(Tensor perClass) {
        return new CrossEntropyLoss(options.withWeights(perClass), reduction);
    }

    /** The same with another label to ignore. */
    public CrossEntropyLoss withIgnored(long label) {
        return new CrossEntropyLoss(options.withIgnored(label), reduction);
    }

    /** The same with part of the target spread over all classes. */
    public CrossEntropyLoss withSmoothing(double share) {
        return new CrossEntropyLoss(options.withSmoothing(share), reduction);
    }

    /** The same, joined in another way. */
    public CrossEntropyLoss withReduction(Reduction other) {
        return new CrossEntropyLoss(options, other);
    }

    @Override
    public Tensor of(Tensor prediction, Tensor target) {
        return Losses.crossEntropy(prediction, target, options, reduction);
    }
}
