package io.adjoint.autodiff;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The axes that a reduction runs over, and whether they stay in the result with extent 1. An axis below zero counts from
 * the innermost; no axis at all means every axis. A scalar passes for one axis of extent 1, as in PyTorch: 0 and -1 are axes
 * of it, which change nothing.
 */
public final class Axes {
    private final int[] axes;
    private final boolean kept;

    private Axes(int[] axes, boolean kept) {
        this.axes = axes.clone();
        this.kept = kept;
    }

    /** These axes, or all if none is given; they vanish from the result. */
    public static Axes drop(int... axes) {
        return new Axes(axes, false);
    }

    /** These axes, or all if none is given; they stay in the result with extent 1. */
    public static Axes keep(int... axes) {
        return new Axes(axes, true);
    }

    /** Whether the reduced axes stay in the result. */
    public boolean kept() {
        return kept;
    }

    /**
     * The axes of a tensor of this shape, each in {@code [0, rank)}, ascending; none of a scalar.
     *
     * @param operation the name that an error message begins with
     * @throws ShapeException if an axis is out of range or named twice
     */
    public List<Integer> of(String operation, Shape shape) {
        if (axes.length == 0) {
            return IntStream.range(0, shape.rank()).boxed().toList();
        }
        TreeSet<Integer> sorted = new TreeSet<>();
        for (int axis : axes) {
            if (!sorted.add(axisOf(operation, shape, axis))) {
                throw ShapeException.of(operation, "axis named twice")
                        .operand("axes", Arrays.toString(axes))
                        .operand("input", shape)
                        .expected("each axis at most once");
            }
        }
        return shape.rank() == 0 ? List.of() : List.copyOf(sorted);
    }

    /** The axis of a tensor of this shape as a number from 0 on, where a scalar passes for one axis. */
    static int axisOf(String operation, Shape shape, int axis) {
        return shape.rank() == 0 && (axis == 0 || axis == -1) ? 0 : shape.axis(operation, axis);
    }

    /** What came of a tensor without the axes, with them put back as extents of 1 if they are to stay. */
    Tensor shaped(Tensor reduced, Shape original) {
        if (!kept) {
            return reduced;
        }
        int[] dims = original.dims();
        of("axes", original).forEach(axis -> dims[axis] = 1);
        return reduced.reshape(Shape.of(dims));
    }

    /** The number of elements that the axes join to one. */
    double count(String operation, Shape shape) {
        return of(operation, shape).stream().mapToDouble(shape::dim).reduce(1, (a, b) -> a * b);
    }

    /** The same axes, staying in the result. */
    Axes keeping() {
        return new Axes(axes, true);
    }

    /** The tensor with these axes, in their order, as one behind all others. */
    Tensor merged(String operation, Tensor x) {
        List<Integer> joined = of(operation, x.shape());
        int[] others = IntStream.range(0, x.rank()).filter(axis -> !joined.contains(axis)).toArray();
        int[] order = IntStream.concat(IntStream.of(others), joined.stream().mapToInt(axis -> axis)).toArray();
        int length = joined.stream().mapToInt(x::dim).reduce(1, (a, b) -> a * b);
        Tensor ordered = others.length == 0 ? x : x.permute(order);
        return ordered.reshape(Shape.of(IntStream.concat(IntStream.of(others).map(x::dim), IntStream.of(length))
                .toArray()));
    }
}
