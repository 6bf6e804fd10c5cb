package io.adjoint.nn.loss;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.ContrastiveLosses;
import io.adjoint.autodiff.function.Reduction;
import java.util.Objects;

/**
 * The contrastive loss of SimCLR between two views of the same examples, {@code [n, width]} both: {@link
 * ContrastiveLosses#ntXent(Tensor, Tensor, double, Reduction)}.
 *
 * @param temperature by which cosines are divided
 * @param reduction how the losses become one
 */
public record NtXentLoss(double temperature, Reduction reduction) implements Loss {
    public NtXentLoss {
        Objects.requireNonNull(reduction, "reduction");
    }

    /** Temperature 0.5, the mean. */
    public static NtXentLoss standard() {
        return new NtXentLoss(0.5, Reduction.MEAN);
    }

    /** The same with another temperature. */
    public NtXentLoss withTemperature(double other) {
        return new NtXentLoss(other, reduction);
    }

    /** The same, joined in another way. */
    public NtXentLoss withReduction(Reduction other) {
        return new NtXentLoss(temperature, other);
    }

    @Override
    public Tensor of(Tensor prediction, Tensor target) {
        return ContrastiveLosses.ntXent(prediction, target, temperature, reduction);
    }
}
