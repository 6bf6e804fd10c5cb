package io.adjoint.autodiff.function;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.Optional;

/**
 * What a loss of classes takes into account.
 *
 * @param weights a weight for each class, {@code [classes]}; empty for ones. A mean divides by the weights of the labels
 * @param ignored the label of examples that do not count, neither in sums nor in means; may lie outside the classes
 * @param smoothing share of the target that is spread evenly over all classes, in [0, 1]
 */
public record ClassOptions(Optional<Tensor> weights, long ignored, double smoothing) {
    /** No weights, label -100 ignored, no smoothing: PyTorch's defaults. */
    public static final ClassOptions DEFAULT = new ClassOptions(Optional.empty(), -100, 0);

    public ClassOptions {
        if (!(smoothing >= 0 && smoothing <= 1)) {
            throw ShapeException.of("class options", "smoothing out of range").operand("smoothing", smoothing)
                    .expected("0 to 1");
        }
    }

    /** These options with a weight for each class. */
    public ClassOptions withWeights(Tensor perClass) {
        return new ClassOptions(Optional.of(perClass), ignored, smoothing);
    }

    /** These options with another label to ignore. */
    public ClassOptions withIgnored(long label) {
        return new ClassOptions(weights, label, smoothing);
    }

    /** These options with part of the target spread over all classes. */
    public ClassOptions withSmoothing(double share) {
        return new ClassOptions(weights, ignored, share);
    }
}
