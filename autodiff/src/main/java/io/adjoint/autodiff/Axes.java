package io.adjoint.autodiff;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The axes that a reduction runs over, and whether they stay in the result with extent 1. An axis below zero counts from
 * the innermost; no axis at all means every axis.
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
     * The axes of a tensor of this shape, each in {@code [0, rank)}, ascending.
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
            if (!sorted.add(shape.axis(operation, axis))) {
                throw ShapeException.of(operation, "axis named twice")
                        .operand("axes", Arrays.toString(axes))
                        .operand("input", shape)
                        .expected("each axis at most once");
            }
        }
        return List.copyOf(sorted);
    }
}
