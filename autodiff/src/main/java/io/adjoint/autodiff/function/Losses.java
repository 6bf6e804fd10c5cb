package io.adjoint.autodiff.function;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/** Losses: how wrong predictions are, as a number to minimise. Without a {@link Reduction} each gives the mean. */
public final class Losses {
    private Losses() {}

    /** The mean of {@link #crossEntropy(Tensor, Tensor, Reduction)} over the rows. */
    public static Tensor crossEntropy(Tensor logits, Tensor labels) {
        return crossEntropy(logits, labels, Reduction.MEAN);
    }

    /**
     * Cross-entropy of one label for each row: {@code -ln softmax(row)[label]}, as {@code torch.nn.CrossEntropyLoss}.
     * Softmax and logarithm are one operation, exact for logits of any size.
     *
     * @param logits {@code [n, classes]}, not yet probabilities
     * @param labels I64 or I32 {@code [n]}, with values in {@code [0, classes)}
     * @return {@code [n]} or a scalar, by the reduction
     * @throws ShapeException if shapes or dtypes do not fit, or a label is out of range
     */
    public static Tensor crossEntropy(Tensor logits, Tensor labels, Reduction reduction) {
        return reduction.of(logits.crossEntropy(labels.dtype() == DType.I32 ? labels.cast(DType.I64) : labels));
    }

    /** The mean of {@link #meanSquaredError(Tensor, Tensor, Reduction)} over all elements. */
    public static Tensor meanSquaredError(Tensor prediction, Tensor target) {
        return meanSquaredError(prediction, target, Reduction.MEAN);
    }

    /**
     * The squared error of each element, {@code (prediction - target)^2}, as {@code torch.nn.MSELoss}.
     *
     * @param prediction of any shape
     * @param target of the same shape: {@code [n]} does not stretch to {@code [n, 1]}, which would compare each with all
     * @return the shape of both, or a scalar, by the reduction
     * @throws ShapeException if the shapes differ
     */
    public static Tensor meanSquaredError(Tensor prediction, Tensor target, Reduction reduction) {
        if (!prediction.shape().equals(target.shape())) {
            throw ShapeException.of("mean_squared_error", "shapes differ").operand("prediction", prediction.shape())
                    .operand("target", target.shape()).expected("target " + prediction.shape());
        }
        return reduction.of(prediction.sub(target).square());
    }
}
