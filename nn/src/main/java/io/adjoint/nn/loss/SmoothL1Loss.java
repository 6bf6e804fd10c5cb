package io.adjoint.nn.loss;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Losses;
import io.adjoint.autodiff.function.Reduction;
import java.util.Objects;

/**
 * The absolute error, rounded off at 0, as {@code torch.nn.SmoothL1Loss}: {@link Losses#smoothL1(Tensor, Tensor, double,
 * Reduction)}.
 *
 * <p>Shapes: prediction of any shape, target of the same shape; the result has it too, or is a scalar, by the reduction.
 *
 * @param beta up to where it is rounded off
 * @param reduction how the losses become one
 */
public record SmoothL1Loss(double beta, Reduction reduction) implements Loss {
    public SmoothL1Loss {
        Objects.requireNonNull(reduction, "reduction");
    }

    /** PyTorch's defaults: beta 1, the mean. */
    public static SmoothL1Loss standard() {
        return new SmoothL1Loss(1, Reduction.MEAN);
    }

    /** The same, rounded off up to elsewhere. */
    public SmoothL1Loss withBeta(double other) {
        return new SmoothL1Loss(other, reduction);
    }

    /** The same, joined in another way. */
    public SmoothL1Loss withReduction(Reduction other) {
        return new SmoothL1Loss(beta, other);
    }

    @Override
    public Tensor of(Tensor prediction, Tensor target) {
        return Losses.smoothL1(prediction, target, beta, reduction);
    }
}
