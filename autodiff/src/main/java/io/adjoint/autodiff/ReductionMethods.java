package io.adjoint.autodiff;

import io.adjoint.autodiff.op.All;
import io.adjoint.autodiff.op.Any;
import io.adjoint.autodiff.op.ArgMax;
import io.adjoint.autodiff.op.ArgMin;
import io.adjoint.autodiff.op.Max;
import io.adjoint.autodiff.op.Min;
import io.adjoint.autodiff.op.Sum;
import java.util.List;

/**
 * The methods of a {@link Tensor} that join the elements along axes, which vanish or stay with extent 1.
 */
public sealed interface ReductionMethods extends Shaped permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /** The sum over the axes, all if none is given; derivative 1. Integers wrap around. */
    default Tensor sum(int... axes) {
        return sum(Axes.drop(axes));
    }

    /** The sum over the axes; derivative 1. Integers wrap around. */
    default Tensor sum(Axes axes) {
        List<Integer> list = axes.of("sum", shape());
        return kept(new Sum(list).apply(dtype() == DType.BOOL ? self().cast(DType.I64) : self()), axes, list);
    }

    /** The mean over the axes, all if none is given, in F32 for integers; NaN of no elements; derivative 1 / n. */
    default Tensor mean(int... axes) {
        return mean(Axes.drop(axes));
    }

    /** The mean over the axes, in F32 for integers; NaN of no elements; derivative 1 / n. */
    default Tensor mean(Axes axes) {
        double count = axes.of("mean", shape()).stream().mapToDouble(this::dim).reduce(1, (a, b) -> a * b);
        Tensor x = self().floating();
        return x.sum(axes).div(count);
    }

    /** The greatest element over the axes, all if none is given; NaN if there is one; equals share the gradient. */
    default Tensor max(int... axes) {
        return max(Axes.drop(axes));
    }

    /** The greatest element over the axes; NaN if there is one; equals share the gradient. */
    default Tensor max(Axes axes) {
        List<Integer> list = axes.of("max", shape());
        return kept(new Max(list).apply(self()), axes, list);
    }

    /** The least element over the axes, all if none is given; NaN if there is one; equals share the gradient. */
    default Tensor min(int... axes) {
        return min(Axes.drop(axes));
    }

    /** The least element over the axes; NaN if there is one; equals share the gradient. */
    default Tensor min(Axes axes) {
        List<Integer> list = axes.of("min", shape());
        return kept(new Min(list).apply(self()), axes, list);
    }

    /** BOOL: whether any element over the axes, all if none is given, is true. */
    default Tensor any(int... axes) {
        return new Any(Axes.drop(axes).of("any", shape())).apply(self());
    }

    /** BOOL: whether all elements over the axes, all if none is given, are true. */
    default Tensor all(int... axes) {
        return new All(Axes.drop(axes).of("all", shape())).apply(self());
    }

    /** I64: the place of the greatest element along an axis, the first among equals; a NaN counts as greatest. */
    default Tensor argmax(int axis) {
        return new ArgMax(shape().axis("argmax", axis)).apply(self());
    }

    /** I64: the place of the least element along an axis, the first among equals; a NaN counts as least. */
    default Tensor argmin(int axis) {
        return new ArgMin(shape().axis("argmin", axis)).apply(self());
    }

    private Tensor kept(Tensor reduced, Axes axes, List<Integer> list) {
        if (!axes.kept()) {
            return reduced;
        }
        int[] dims = shape().dims();
        list.forEach(axis -> dims[axis] = 1);
        return reduced.reshape(dims);
    }
}
