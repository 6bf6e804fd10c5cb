package io.adjoint.nn.loss;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Losses;
import io.adjoint.autodiff.function.Reduction;
import java.util.Objects;

/**
 * Squares of small errors and sizes of large ones, as {@code torch.nn.HuberLoss}: {@link Losses#huber(Tensor, Tensor, double,
 * Reduction)}.
 *
 * <p>Shapes: prediction of any shape, target of the same shape; the result has it too, or is a scalar, by the reduction.
 *
 * @param delta where large errors begin
 * @param reduction how the losses become one
 */
public record HuberLoss(double delta, Reduction reduction) implements Loss {
    public HuberLoss {
        Objects.requireNonNull(reduction, "reduction");
    }

    /** PyTorch's defaults: delta 1, the mean. */
    public static HuberLoss standard() {
        return new HuberLoss(1, Reduction.MEAN);
    }

    /** The same with large errors beginning elsewhere. */
    public HuberLoss withDelta(double other) {
        return new HuberLoss(other, reduction);
    }

    /** The same, joined in another way. */
    public HuberLoss withReduction(Reduction other) {
        return new HuberLoss(delta, other);
    }

    @Override
    public Tensor of(Tensor prediction, Tensor target) {
        return Losses.huber(prediction, target, delta, reduction);
    }
}
