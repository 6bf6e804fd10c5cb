package io.adjoint.optim;

import java.util.function.DoubleFunction;

/**
 * Looks along a line for a place where the loss is lower in proportion to the distance and its slope flatter (Wolfe 1969), by
 * bracketing and cubic interpolation as Nocedal and Wright describe it (Numerical Optimization, 2006, algorithms 3.5 and
 * 3.6).
 *
 * @param <T> what goes with a place
 */
final class StrongWolfe<T> {
    /** The loss falls by this share of what the first slope promises. */
    static final double DESCENT = 1e-4;
    /** The slope is this share of the first one or flatter. */
    static final double FLATTER = 0.9;
    static final int MOST_PLACES = 25;

    private final DoubleFunction<Place<T>> evaluate;
    private final double scale;
    private final double tolerance;
    private int tried;

    /** A place on the line. */
    record Place<T>(double at, double value, double slope, T what) {}

    /**
     * @param evaluate goes to a distance
     * @param scale by how much the greatest element changes in a distance of 1
     * @param tolerance a bracket in which no element changes by more is not divided further
     */
    StrongWolfe(DoubleFunction<Place<T>> evaluate, double scale, double tolerance) {
        this.evaluate = evaluate;
        this.scale = scale;
        this.tolerance = tolerance;
    }

    /**
     * The place found. It fulfils both conditions, unless {@link #MOST_PLACES} were tried after the first, or the bracket became
     * shorter than the tolerance: then it is the lower end of the bracket.
     */
    Place<T> find(Place<T> origin, double start) {
        Place<T> last = origin;
        Place<T> here = evaluate.apply(start);
        for (; tried < MOST_PLACES; tried++) {
            if (isTooHigh(here, origin) || tried > 1 && here.value >= last.value) {
                return within(origin, last, here);
            }
            if (isFlat(here, origin)) {
                return here;
            }
            if (here.slope >= 0) {
                return within(origin, last, here);
            }
            double at = cubic(last, here, here.at + 0.01 * (here.at - last.at), here.at * 10);
            last = here;
            here = evaluate.apply(at);
        }
        return here.value < origin.value ? here : origin;
    }

    private static boolean isTooHigh(Place<?> here, Place<?> origin) {
        return !(here.value <= origin.value + DESCENT * here.at * origin.slope);
    }

    private static boolean isFlat(Place<?> here, Place<?> origin) {
        return Math.abs(here.slope) <= -FLATTER * origin.slope;
    }

    /** Narrows the bracket between two places, one of which is lower. */
    private Place<T> within(Place<T> origin, Place<T> first, Place<T> second) {
        Place<T> low = second.value < first.value ? second : first; // the second may have no value
        Place<T> high = low == first ? second : first;
        boolean nearEdge = false;
        while (tried < MOST_PLACES && Math.abs(high.at - low.at) * scale >= tolerance) {
            double left = Math.min(low.at, high.at);
            double right = Math.max(low.at, high.at);
            double at = cubic(low.at <= high.at ? low : high, low.at <= high.at ? high : low, left, right);
            double margin = 0.1 * (right - left);
            boolean near = Math.min(right - at, at - left) < margin;
            if (near && (nearEdge || at >= right || at <= left)) {
                at = Math.abs(at - right) < Math.abs(at - left) ? right - margin : left + margin;
                near = false;
            }
            nearEdge = near;
            Place<T> here = evaluate.apply(at);
            tried++;
            if (isTooHigh(here, origin) || here.value >= low.value) {
                high = here.value < low.value ? low : here;
                low = here.value < low.value ? here : low;
                continue;
            }
            if (isFlat(here, origin)) {
                return here;
            }
            if (here.slope * (high.at - low.at) >= 0) {
                high = low;
            }
            low = here;
        }
        return low;
    }

    /**
     * The lowest place of the cubic through both places with their slopes, within bounds (Nocedal and Wright 2006, equation 3.59);
     * the middle of the bounds if it has none.
     */
    static double cubic(Place<?> left, Place<?> right, double least, double most) {
        double middle = left.slope + right.slope - 3 * (left.value - right.value) / (left.at - right.at);
        double root = middle * middle - left.slope * right.slope;
        if (!(root >= 0 && Double.isFinite(root))) {
            return (least + most) / 2;
        }
        double radius = Math.sqrt(root);
        double at = right.at - (right.at - left.at)
                * ((right.slope + radius - middle) / (right.slope - left.slope + 2 * radius));
        return Double.isNaN(at) ? (least + most) / 2 : Math.min(Math.max(at, least), most);
    }
}
