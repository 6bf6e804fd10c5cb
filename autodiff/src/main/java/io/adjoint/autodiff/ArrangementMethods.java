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

    /** Two axes exchanged, a view; the gradient has them exchanged back. A scalar passes for one of one axis. */
    default Tensor transpose(int first, int second) {
        if (isScalarWithin(first, second)) {
            return self();
        }
        Integer[] order = new Integer[rank()];
        Arrays.setAll(order, axis -> axis);
        int a = shape().axis("transpose", first);
        int b = shape().axis("transpose", second);
        order[a] = b;
        order[b] = a;
        return new Permute(List.of(order)).apply(self());
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

    /**
     * Axes of extent 1, and missing outer axes, stretched to a shape; -1 stands for the extent that is there.
     *
     * @throws ShapeException if an extent is neither 1 nor the target's, or -1 stands for a missing axis
     */
    default Tensor expand(int... target) {
        int[] dims = target.clone();
        int missing = dims.length - rank();
        for (int axis = 0; axis < dims.length; axis++) {
            dims[axis] = dims[axis] == -1 && axis >= missing && missing >= 0 ? dim(axis - missing) : dims[axis];
        }
        return expand(Shape.of(dims));
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

    /** Without the axis if its extent is 1, else as it is, as {@code torch.squeeze}. */
    default Tensor squeeze(int axis) {
        int at = isScalarWithin(axis) ? -1 : shape().axis("squeeze", axis);
        return at < 0 || dim(at) != 1 ? self()
                : reshape(Shape.of(IntStream.range(0, rank()).filter(i -> i != at).map(this::dim).toArray()));
    }

    /** Without any axis of extent 1. */
    default Tensor squeeze() {
        return reshape(Shape.of(IntStream.of(shape().dims()).filter(dim -> dim != 1).toArray()));
    }

    /** Axes {@code from} to the last as one. */
    default Tensor flatten(int from) {
        return flatten(from, -1);
    }

    /**
     * Axes {@code from} to {@code to}, both included, as one, as {@code torch.flatten}; a scalar becomes one element.
     *
     * @throws ShapeException if an axis is out of range, or {@code to} stands before {@code from}
     */
    default Tensor flatten(int from, int to) {
        if (rank() == 0) {
            return reshape(1).flatten(from, to);
        }
        int first = shape().axis("flatten", from);
        int last = shape().axis("flatten", to);
        if (last < first) {
            throw ShapeException.of("flatten", "axes out of order").operand("from", from).operand("to", to)
                    .operand("input", shape()).expected("the first axis before the last");
        }
        int merged = Shape.of(Arrays.copyOfRange(shape().dims(), first, last + 1)).size();
        return reshape(Shape.of(IntStream.range(0, rank() - (last - first)).map(
                axis -> axis < first ? dim(axis) : axis == first ? merged : dim(axis + last - first)).toArray()));
    }

    /**
     * An axis as several, as {@code torch.unflatten}; one extent may be -1 and follows from the others.
     *
     * @throws ShapeException if the extents do not multiply to the axis's
     */
    default Tensor unflatten(int axis, int... extents) {
        int at = shape().axis("unflatten", axis);
        Shape inner = Tensor.zeros(Shape.of(dim(at)), DType.BOOL).reshape(extents).shape();
        return reshape(Shape.of(IntStream.range(0, rank()).boxed()
                .flatMapToInt(i -> i == at ? IntStream.of(inner.dims()) : IntStream.of(dim(i))).toArray()));
    }

    /** One axis in another place, the others in order, a view. */
    default Tensor movedim(int from, int to) {
        return movedim(new int[] {from}, new int[] {to});
    }

    /**
     * Axes in other places, the others in order, as {@code torch.movedim}, a view: axis {@code from[i]} becomes axis {@code
     * to[i]}. A scalar passes for one of one axis.
     *
     * @throws ShapeException if the lists differ in length, or an axis is named twice or out of range
     */
    default Tensor movedim(int[] from, int[] to) {
        if (isScalarWithin(from) && isScalarWithin(to) && from.length == to.length && from.length <= 1) {
            return self();
        }
        int[] source = axes("movedim", from);
        int[] destination = axes("movedim", to);
        if (source.length != destination.length) {
            throw ShapeException.of("movedim", "as many axes go as come").operand("from", Arrays.toString(from))
                    .operand("to", Arrays.toString(to)).expected("two lists of one length");
        }
        List<Integer> rest = new ArrayList<>(IntStream.range(0, rank())
                .filter(axis -> IntStream.of(source).noneMatch(moved -> moved == axis)).boxed().toList());
        int[] order = new int[rank()];
        Arrays.fill(order, -1);
        for (int i = 0; i < source.length; i++) {
            order[destination[i]] = source[i];
        }
        for (int axis = 0; axis < order.length; axis++) {
            order[axis] = order[axis] < 0 ? rest.removeFirst() : order[axis];
        }
        return permute(order);
    }

    /** Whether this is a scalar, and each axis one that it would have as a list of one element. */
    private boolean isScalarWithin(int... axes) {
        return rank() == 0 && IntStream.of(axes).allMatch(axis -> axis == 0 || axis == -1);
    }

    /** Axes from the outermost, each named once. */
    private int[] axes(String operation, int[] axes) {
        int[] resolved = IntStream.of(axes).map(axis -> shape().axis(operation, axis)).toArray();
        if (IntStream.of(resolved).distinct().count() < resolved.length) {
            throw ShapeException.of(operation, "axis named twice").operand("axes", Arrays.toString(axes))
                    .operand("input", shape()).expected("each axis at most once");
        }
        return resolved;
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

    /**
     * The elements at one index along an axis, which vanishes, as {@code torch.select}; a view, and the gradient is zero at the
     * others.
     *
     * @param index below 0 counts from the end
     * @throws ShapeException if the index is out of range
     */
    default Tensor select(int axis, int index) {
        return Places.select("select", self(), shape().axis("select", axis), index);
    }

    /**
     * The elements along these axes in reverse, a view; the gradient is reversed back. A scalar passes for one of one axis.
     *
     * @throws ShapeException if an axis is named twice or out of range
     */
    default Tensor flip(int... axes) {
        if (isScalarWithin(axes) && axes.length <= 1) {
            return self();
        }
        Tensor flipped = self();
        for (int axis : axes("flip", axes)) {
            flipped = new Flip(axis).apply(flipped);
        }
        return flipped;
    }

    /**
     * The plane of two axes turned by so many right angles, from the first axis towards the second, as {@code torch.rot90};
     * a view.
     *
     * @throws ShapeException if an axis is out of range, or both are one
     */
    default Tensor rot90(int turns, int first, int second) {
        int[] plane = axes("rot90", new int[] {first, second});
        return switch (Math.floorMod(turns, 4)) {
            case 1 -> transpose(plane[0], plane[1]).flip(plane[0]);
            case 2 -> flip(plane);
            case 3 -> flip(plane[0]).transpose(plane[0], plane[1]);
            default -> self();
        };
    }

    /** All elements in row-major order moved on, those at the end to the beginning, as {@code torch.roll} without axes. */
    default Tensor roll(int shift) {
        return reshape(Shape.of(size())).roll(shift, 0).reshape(shape());
    }

    /** The elements along an axis moved on, those at the end to the beginning; the gradient is moved back. */
    default Tensor roll(int shift, int axis) {
        int at = shape().axis("roll", axis);
        int cut = dim(at) == 0 ? 0 : (int) Math.floorMod(-(long) shift, (long) dim(at));
        return cut == 0 ? self() : Tensor.concat(at, slice(at, cut, dim(at)), slice(at, 0, cut));
    }

    /**
     * The elements along several axes moved on, each by a shift of its own.
     *
     * @throws ShapeException if there are not as many shifts as axes
     */
    default Tensor roll(int[] shifts, int[] axes) {
        if (shifts.length != axes.length) {
            throw ShapeException.of("roll", "not a shift for each axis").operand("shifts", Arrays.toString(shifts))
                    .operand("axes", Arrays.toString(axes)).expected("two lists of one length");
        }
        Tensor rolled = self();
        for (int i = 0; i < axes.length; i++) {
            rolled = rolled.roll(shifts[i], axes[i]);
        }
        return rolled;
    }

    /**
     * A constant, which this dtype must hold, without its fraction for an integer, before and after the elements along an axis; the gradient is
     * that of the elements.
     *
     * @throws ShapeException if {@code before} or {@code after} is negative
     */
    default Tensor pad(int axis, int before, int after, double value) {
        return new Pad(shape().axis("pad", axis), before, after, 0, value).apply(self());
    }
}
