package io.adjoint.nn.loss;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.OverlapLosses;
import io.adjoint.autodiff.function.OverlapLosses.Area;
import io.adjoint.autodiff.function.Reduction;
import java.util.Objects;

/**
 * How little two areas overlap, for each channel of each example: {@link OverlapLosses#dice(Tensor, Tensor, double, Area,
 * Reduction)}. Shapes {@code [n, channels, ...]}, with probabilities.
 *
 * @param smoothing above 0, so that two empty areas are the same
 * @param area what the size of an area is
 * @param reduction how the losses become one
 */
public record DiceLoss(double smoothing, Area area, Reduction reduction) implements Loss {
    public DiceLoss {
        Objects.requireNonNull(area, "area");
        Objects.requireNonNull(reduction, "reduction");
    }

    /** Smoothing 1, sums as areas, the mean. */
    public static DiceLoss standard() {
        return new DiceLoss(1, Area.SUM, Reduction.MEAN);
    }

    /** The same with another smoothing. */
    public DiceLoss withSmoothing(double other) {
        return new DiceLoss(other, area, reduction);
    }

    /** The same with another size of an area. */
    public DiceLoss withArea(Area other) {
        return new DiceLoss(smoothing, other, reduction);
    }

    /** The same, joined in another way. */
    public DiceLoss withReduction(Reduction other) {
        return new DiceLoss(smoothing, area, other);
    }

    @Override
    public Tensor of(Tensor prediction, Tensor target) {
        return OverlapLosses.dice(prediction, target, smoothing, area, reduction);
    }
}
