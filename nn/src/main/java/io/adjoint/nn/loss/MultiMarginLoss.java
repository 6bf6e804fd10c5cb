package io.adjoint.nn.loss;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.MarginLosses;
import io.adjoint.autodiff.function.Reduction;
import java.util.Objects;
import java.util.Optional;

/**
 * A margin between the right class and each other, as {@code torch.nn.MultiMarginLoss}: {@link MarginLosses#multiClass(Tensor,
 * Tensor, int, double, Optional, Reduction)}.
 *
 * <p>Shapes: prediction {@code [n, classes]} or {@code [classes]}; target I64 or I32 labels, {@code [n]} or a scalar;
 * result {@code [n]} or a scalar.
 *
 * @param p the power, 1 or 2
 * @param margin between right and wrong
 * @param weights a weight for each class, {@code [classes]}
 * @param reduction how the losses become one
 */
public record MultiMarginLoss(int p, double margin, Optional<Tensor> weights, Reduction reduction) implements Loss {
    public MultiMarginLoss {
        Objects.requireNonNull(weights, "weights");
        Objects.requireNonNull(reduction, "reduction");
    }

    /** PyTorch's defaults: p = 1, margin 1, no weights, the mean. */
    public static MultiMarginLoss standard() {
        return new MultiMarginLoss(1, 1, Optional.empty(), Reduction.MEAN);
    }

    /** The same with another power. */
    public MultiMarginLoss withPower(int other) {
        return new MultiMarginLoss(other, margin, weights, reduction);
    }

    /** The same with another margin. */
    public MultiMarginLoss withMargin(double other) {
        return new MultiMarginLoss(p, other, weights, reduction);
    }

    /** The same with a weight for each class, {@code [classes]}. */
    public MultiMarginLoss withWeights(Tensor perClass) {
        return new MultiMarginLoss(p, margin, Optional.of(perClass), reduction);
    }

    /** The same, joined in another way. */
    public MultiMarginLoss withReduction(Reduction other) {
        return new MultiMarginLoss(p, margin, weights, other);
    }

    @Override
    public Tensor of(Tensor prediction, Tensor target) {
        return MarginLosses.multiClass(prediction, target, p, margin, weights, reduction);
    }
}
