package io.adjoint.autodiff;

import io.adjoint.autodiff.op.ArgMax;
import io.adjoint.autodiff.op.ArgMin;
import io.adjoint.autodiff.op.Max;
import io.adjoint.autodiff.op.Min;

/**
 * The methods of a {@link Tensor} that find the greatest or least element along axes, which vanish or stay with extent 1. All
 * refuse BOOL, and axes without elements.
 *
 * <p>Of several axes, a place is the row-major number among the elements along them; so of all axes it is the number in the
 * flattened tensor.
 */
public sealed interface ExtremeMethods extends Shaped permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /**
     * The least and the greatest element.
     *
     * @param least with the gradient shared evenly among equals
     * @param greatest with the gradient shared evenly among equals
     */
    record MinMax(Tensor least, Tensor greatest) {}

    /** The greatest element over the axes, all if none is given; NaN if there is one; equals share the gradient. */
    default Tensor max(int... axes) {
        return max(Axes.drop(axes));
    }

    /** The greatest element over the axes; NaN if there is one; equals share the gradient. */
    default Tensor max(Axes axes) {
        return axes.shaped(new Max(axes.of("max", shape())).apply(self()), shape());
    }

    /** The least element over the axes, all if none is given; NaN if there is one; equals share the gradient. */
    default Tensor min(int... axes) {
        return min(Axes.drop(axes));
    }

    /** The least element over the axes; NaN if there is one; equals share the gradient. */
    default Tensor min(Axes axes) {
        return axes.shaped(new Min(axes.of("min", shape())).apply(self()), shape());
    }

    /** The least and the greatest element over the axes, all if none is given, see {@link #minMax(Axes)}. */
    default MinMax minMax(int... axes) {
        return minMax(Axes.drop(axes));
    }

    /** The least and the greatest element over the axes, as {@code torch.aminmax}: {@link #min(Axes)} and {@link #max(Axes)}. */
    default MinMax minMax(Axes axes) {
        return new MinMax(min(axes), max(axes));
    }

    /** I64: the place of the greatest element over the axes, all if none is given, see {@link #argmax(Axes)}. */
    default Tensor argmax(int... axes) {
        return argmax(Axes.drop(axes));
    }

    /** I64: the place of the greatest element over the axes, the first among equals; a NaN counts as greatest. */
    default Tensor argmax(Axes axes) {
        Tensor merged = axes.merged("argmax", self());
        return axes.shaped(new ArgMax(merged.rank() - 1).apply(merged), shape());
    }

    /** I64: the place of the least element over the axes, all if none is given, see {@link #argmin(Axes)}. */
    default Tensor argmin(int... axes) {
        return argmin(Axes.drop(axes));
    }

    /** I64: the place of the least element over the axes, the first among equals; a NaN counts as least. */
    default Tensor argmin(Axes axes) {
        Tensor merged = axes.merged("argmin", self());
        return axes.shaped(new ArgMin(merged.rank() - 1).apply(merged), shape());
    }

    /** The greatest element over the axes, all if none is given, and its place, see {@link #chooseMax(Axes)}. */
    default Chosen chooseMax(int... axes) {
        return chooseMax(Axes.drop(axes));
    }

    /**
     * The greatest element over the axes and its place, as {@code torch.max} along an axis: the first among equals, which gets
     * the whole gradient; a NaN counts as greatest.
     */
    default Chosen chooseMax(Axes axes) {
        return at(argmax(axes), axes);
    }

    /** The least element over the axes, all if none is given, and its place, see {@link #chooseMin(Axes)}. */
    default Chosen chooseMin(int... axes) {
        return chooseMin(Axes.drop(axes));
    }

    /**
     * The least element over the axes and its place, as {@code torch.min} along an axis: the first among equals, which gets
     * the whole gradient; a NaN counts as least.
     */
    default Chosen chooseMin(Axes axes) {
        return at(argmin(axes), axes);
    }

    private Chosen at(Tensor places, Axes axes) {
        Tensor merged = axes.merged("choose", self());
        Shape line = merged.shape().with(-1, 1);
        return new Chosen(merged.gather(-1, places.reshape(line)).reshape(places.shape()), places);
    }
}
