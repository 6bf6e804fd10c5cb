package io.adjoint.nn.loss;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.ContrastiveLosses;
import io.adjoint.autodiff.function.Reduction;
import java.util.Objects;

/**
 * How hard it is to find the key of each query, {@code [n, width]} both, among the keys of all: {@link
 * ContrastiveLosses#infoNce(Tensor, Tensor, double, Reduction)}.
 *
 * @param temperature by which cosines are divided
 * @param reduction how the losses become one
 */
public record InfoNceLoss(double temperature, Reduction reduction) implements Loss {
    public InfoNceLoss {
        Objects.requireNonNull(reduction, "reduction");
    }

    /** Temperature 0.1, the mean. */
    public static InfoNceLoss standard() {
        return new InfoNceLoss(0.1, Reduction.MEAN);
    }

    /** The same with another temperature. */
    public InfoNceLoss withTemperature(double other) {
        return new InfoNceLoss(other, reduction);
    }

    /** The same, joined in another way. */
    public InfoNceLoss withReduction(Reduction other) {
        return new InfoNceLoss(temperature, other);
    }

    @Override
    public Tensor of(Tensor prediction, Tensor target) {
        return ContrastiveLosses.infoNce(prediction, target, temperature, reduction);
    }

    /**
     * The same among given negatives: {@link ContrastiveLosses#infoNce(Tensor, Tensor, Tensor, double, Reduction)}.
     *
     * @param queries {@code [n, width]}
     * @param keys of the same shape
     * @param negatives {@code [m, width]}
     */
    public Tensor of(Tensor queries, Tensor keys, Tensor negatives) {
        return ContrastiveLosses.infoNce(queries, keys, negatives, temperature, reduction);
    }
}
