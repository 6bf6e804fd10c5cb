package io.adjoint.nn.loss;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Losses;
import io.adjoint.autodiff.function.Reduction;
import java.util.Objects;

/**
 * The pinball loss, least when the prediction is the quantile of this level: {@link Losses#quantile(Tensor, Tensor, double,
 * Reduction)}.
 *
 * <p>Shapes: prediction of any shape, target of the same shape; the result has it too, or is a scalar, by the reduction.
 *
 * @param level 0 to 1
 * @param reduction how the losses become one
 */
public record QuantileLoss(double level, Reduction reduction) implements Loss {
    public QuantileLoss {
        Objects.requireNonNull(reduction, "reduction");
    }

    /** The median, the mean. */
    public static QuantileLoss standard() {
        return new QuantileLoss(0.5, Reduction.MEAN);
    }

    /** The same for another quantile. */
    public QuantileLoss withLevel(double other) {
        return new QuantileLoss(other, reduction);
    }

    /** The same, joined in another way. */
    public QuantileLoss withReduction(Reduction other) {
        return new QuantileLoss(level, other);
    }

    @Override
    public Tensor of(Tensor prediction, Tensor target) {
        return Losses.quantile(prediction, target, level, reduction);
    }
}
