package io.adjoint.nn.loss;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.FocalLosses;
import io.adjoint.autodiff.function.Reduction;
import java.util.Objects;

/**
 * Binary cross-entropy of logits that turns away from easy elements: {@link FocalLosses#binary(Tensor, Tensor, double, double,
 * Reduction)}.
 *
 * <p>Shapes: prediction of any shape, target of the same shape; the result has it too, or is a scalar, by the reduction.
 *
 * @param focus the power
 * @param balance the share of yes, 0 to 1
 * @param reduction how the losses become one
 */
public record BinaryFocalLoss(double focus, double balance, Reduction reduction) implements Loss {
    public BinaryFocalLoss {
        Objects.requireNonNull(reduction, "reduction");
    }

    /** Focus 2 and balance 0.25, as published, the mean. */
    public static BinaryFocalLoss standard() {
        return new BinaryFocalLoss(2, 0.25, Reduction.MEAN);
    }

    /** The same with another power. */
    public BinaryFocalLoss withFocus(double other) {
        return new BinaryFocalLoss(other, balance, reduction);
    }

    /** The same with another share of yes. */
    public BinaryFocalLoss withBalance(double other) {
        return new BinaryFocalLoss(focus, other, reduction);
    }

    /** The same, joined in another way. */
    public BinaryFocalLoss withReduction(Reduction other) {
        return new BinaryFocalLoss(focus, balance, other);
    }

    @Override
    public Tensor of(Tensor prediction, Tensor target) {
        return FocalLosses.binary(prediction, target, focus, balance, reduction);
    }
}
