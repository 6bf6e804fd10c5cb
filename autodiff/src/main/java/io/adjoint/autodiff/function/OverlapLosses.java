package io.adjoint.autodiff.function;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.stream.IntStream;

/** Losses of segmentations: how little of two areas is common to both. */
public final class OverlapLosses {
    private OverlapLosses() {}

    /** What the size of an area is. */
    public enum Area {
        /** The sum of its elements. */
        SUM,
        /** The sum of their squares, as first published. */
        SQUARES
    }

    /** The mean of {@link #dice(Tensor, Tensor, double, Area, Reduction)} with smoothing 1 and sums as areas. */
    public static Tensor dice(Tensor probabilities, Tensor target) {
        return dice(probabilities, target, 1, Area.SUM, Reduction.MEAN);
    }

    /**
     * {@code 1 - (2 sum(p t) + s) / (area(p) + area(t) + s)} for each channel of each example (Milletari, Navab, Ahmadi 2016):
     * 0 if both areas are the same, 1 if they have nothing in common.
     *
     * @param probabilities p of each place, {@code [n, channels, ...]} with one axis of places or more
     * @param target t, of the same shape
     * @param smoothing s, above 0, so that two empty areas are the same
     * @return {@code [n, channels]}, or a scalar, by the reduction
     * @throws ShapeException if the shapes differ, there is no axis of places, or smoothing is not above 0
     */
    public static Tensor dice(Tensor probabilities, Tensor target, double smoothing, Area area, Reduction reduction) {
        LossRules.requireAlike("dice", "probabilities", probabilities, target);
        if (probabilities.rank() < 3) {
            throw ShapeException.of("dice", "no places").operand("probabilities", probabilities.shape())
                    .expected("[n, channels, ...] with one more axis or several");
        }
        if (!(smoothing > 0)) {
            throw ShapeException.of("dice", "not a smoothing").operand("smoothing", smoothing)
                    .expected("a number above 0");
        }
        int[] places = IntStream.range(2, probabilities.rank()).toArray();
        Tensor common = probabilities.mul(target).sum(places);
        Tensor both = size(probabilities, area).sum(places).add(size(target, area).sum(places));
        return reduction.of(common.mul(2).add(smoothing).div(both.add(smoothing)).rsub(1));
    }

    private static Tensor size(Tensor x, Area area) {
        return switch (area) {
            case SUM -> x;
            case SQUARES -> x.square();
        };
    }
}
