package io.adjoint.autodiff;

import io.adjoint.autodiff.op.Expand;
import io.adjoint.autodiff.op.Flip;
import io.adjoint.autodiff.op.Pad;
import io.adjoint.autodiff.op.Permute;
import io.adjoint.autodiff.op.Reshape;
import io.adjoint.autodiff.op.Slice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The methods of a {@link Tensor} that give it another shape or order, most of them as views.
 */
public sealed interface ArrangementMethods extends Shaped permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /**
     * The elements in row-major order under another shape; one extent may be -1 and follows from the others.
     *
     * @throws ShapeException if the number of elements differs
     */
    default Tensor reshape(int... dims) {
        int[] resolved = dims.clone();
        int open = -1;
        long known = 1;
        for (int axis = 0; axis < dims.length; axis++) {
            if (dims[axis] == -1 && open < 0) {
                open = axis;
            } else {
                known *= dims[axis];
            }
        }
        if (open >= 0) {
            if (known <= 0 || size() % known != 0) {
                throw ShapeException.of("reshape", "no extent fits in place of -1")
                        .operand("input", shape())
                        .operand("target", Arrays.toString(dims))
                        .expected("extents that divide " + size());
            }
            resolved[open] = (int) (size() / known);
        }
        return reshape(Shape.of(resolved));
    }

    /** The elements in row-major order under another shape, a view where strides allow; the gradient is reshaped back. */
    default Tensor reshape(Shape target) {
        return target.equals(shape()) ? self() : new Reshape(target).apply(self());
    }

    /** The last two axes exchanged, a view; needs rank 2 or more. */
    default Tensor transpose() {
        return transpose(-2, -1);
    }

    /** Two axes exchanged, a view; the gradient has them exchanged back. */
    default Tensor transpose(int first, int second) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, rank()).boxed().toList());
        Collections.swap(order, shape().axis("transpose", first), shape().axis("transpose", second));
        return new Permute(order).apply(self());
    }

    /** The axes in another order: axis {@code i} of the result is axis {@code order[i]} of this. */
    default Tensor permute(int... order) {
        return new Permute(Arrays.stream(order).map(axis -> shape().axis("permute", axis)).boxed().toList())
                .apply(self());
    }

    /**
     * Axes of extent 1, and missing outer axes, stretched to a shape, a view; the gradient is summed over what was stretched.
     *
     * @throws ShapeException if an extent is neither 1 nor the target's
     */
    default Tensor expand(Shape target) {
        return target.equals(shape()) ? self() : new Expand(target).apply(self());
    }

    /** Axes of extent 1, and missing outer axes, stretched to a shape. */
    default Tensor expand(int... target) {
        return expand(Shape.of(target));
    }

    /** A new axis of extent 1, which becomes axis number {@code axis} of the result. */
    default Tensor unsqueeze(int axis) {
        if (axis < -rank() - 1 || axis > rank()) {
            throw ShapeException.of("unsqueeze", "axis out of range").operand("axis", axis).operand("input", shape())
                    .expected("an axis from " + (-rank() - 1) + " to " + rank());
        }
        int[] dims = new int[rank() + 1];
        int at = axis < 0 ? axis + dims.length : axis;
        for (int i = 0; i < dims.length; i++) {
            dims[i] = i == at ? 1 : dim(i < at ? i : i - 1);
        }
        return reshape(dims);
    }

    /**
     * Without the axis, whose extent must be 1.
     *
     * @throws ShapeException if the extent is not 1
     */
    default Tensor squeeze(int axis) {
        int at = shape().axis("squeeze", axis);
        if (dim(at) != 1) {
            throw ShapeException.of("squeeze", "extent is not 1").operand("input", shape()).operand("axis", axis)
                    .expected("an axis of extent 1");
        }
        return reshape(IntStream.range(0, rank()).filter(i -> i != at).map(this::dim).toArray());
    }

    /** Axes {@code from} to the last as one. */
    default Tensor flatten(int from) {
        int at = shape().axis("flatten", from);
        int[] dims = Arrays.copyOf(shape().dims(), at + 1);
        dims[at] = Shape.of(Arrays.copyOfRange(shape().dims(), at, rank())).size();
        return reshape(Shape.of(dims));
    }

    /**
     * The elements from {@code start} up to but without {@code stop} along an axis, a view; the gradient is zero outside.
     *
     * @throws ShapeException unless {@code 0 <= start <= stop <= extent}
     */
    default Tensor slice(int axis, int start, int stop) {
        return slice(axis, start, stop, 1);
    }

    /**
     * Every {@code step}-th element from {@code start} up to but without {@code stop} along an axis, a view; the gradient is
     * zero at the others.
     *
     * @throws ShapeException unless {@code 0 <= start <= stop <= extent} and the step is 1 or more
     */
    default Tensor slice(int axis, int start, int stop, int step) {
        return new Slice(shape().axis("slice", axis), start, stop, step).apply(self());
    }

    /** The elements at one index along an axis, which vanishes. */
    default Tensor select(int axis, int index) {
        int at = shape().axis("select", axis);
        if (index < 0 || index >= dim(at)) {
            throw ShapeException.of("select", "index out of range").operand("index", index).operand("input", shape())
                    .expected(dim(at) == 0 ? "no index: the axis is empty" : "0 to " + (dim(at) - 1));
        }
        return slice(at, index, index + 1).squeeze(at);
    }

    /** The elements along an axis in reverse, a view; the gradient is reversed back. */
    default Tensor flip(int axis) {
        return new Flip(shape().axis("flip", axis)).apply(self());
    }

    /**
     * A constant, converted to the dtype as a Java cast would, before and after the elements along an axis; the gradient is
     * that of the elements.
     *
     * @throws ShapeException if {@code before} or {@code after} is negative
     */
    default Tensor pad(int axis, int before, int after, double value) {
        return new Pad(shape().axis("pad", axis), before, after, 0, value).apply(self());
    }
}
