package io.adjoint.autodiff;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The extents of a tensor, outermost axis first. A shape without axes, {@code []}, is that of a scalar; an extent may be
 * zero. The number of elements is at most {@code Integer.MAX_VALUE}, since a tensor lives in one Java array.
 *
 * <p>Wherever an axis is asked for, {@code 0} is the outermost and negative numbers count from the innermost: {@code -1}
 * is the last.
 */
public final class Shape {
    private static final Shape SCALAR = new Shape(new int[0], 1);

    private final int[] dims;
    private final int size;

    private Shape(int[] dims, int size) {
        this.dims = dims;
        this.size = size;
    }

    /**
     * The shape with these extents.
     *
     * @throws ShapeException if an extent is negative or there would be more than {@code Integer.MAX_VALUE} elements
     */
    public static Shape of(int... dims) {
        if (dims.length == 0) {
            return SCALAR;
        }
        long size = 1;
        boolean empty = false;
        for (int dim : dims) {
            if (dim < 0) {
                throw ShapeException.of("shape", "an extent is negative")
                        .operand("extents", Arrays.toString(dims))
                        .expected("extents of 0 or more");
            }
            empty |= dim == 0;
            size = size > Integer.MAX_VALUE ? size : size * Math.max(dim, 1);
        }
        if (!empty && size > Integer.MAX_VALUE) {
            throw ShapeException.of("shape", "too many elements")
                    .operand("extents", Arrays.toString(dims))
                    .expected("at most " + Integer.MAX_VALUE + " elements in one tensor");
        }
        return new Shape(dims.clone(), empty ? 0 : (int) size);
    }

    /** The shape of a scalar, {@code []}. */
    public static Shape scalar() {
        return SCALAR;
    }

    /** Number of axes. */
    public int rank() {
        return dims.length;
    }

    /** Number of elements: the product of the extents, 1 for a scalar. */
    public int size() {
        return size;
    }

    /**
     * Extent of an axis.
     *
     * @throws ShapeException if {@code axis} is outside {@code [-rank, rank)}
     */
    public int dim(int axis) {
        return dims[axis("shape.dim", axis)];
    }

    /** A fresh array of the extents. */
    public int[] dims() {
        return dims.clone();
    }

    /**
     * The axis as a number in {@code [0, rank)}.
     *
     * @param operation the name that an error message begins with
     * @throws ShapeException if {@code axis} is outside {@code [-rank, rank)}
     */
    public int axis(String operation, int axis) {
        if (axis < -rank() || axis >= rank()) {
            throw ShapeException.of(operation, "axis out of range")
                    .operand("axis", axis)
                    .operand("input", this)
                    .expected(rank() == 0 ? "no axis: the input is a scalar" : "an axis from " + -rank() + " to "
                            + (rank() - 1));
        }
        return axis < 0 ? axis + rank() : axis;
    }

    /** Strides, in elements, of a row-major array of this shape. */
    public int[] rowMajorStrides() {
        int[] strides = new int[rank()];
        int stride = 1;
        for (int axis = rank() - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= Math.max(1, dims[axis]);
        }
        return strides;
    }

    /** This shape with the extent of one axis replaced. */
    public Shape with(int axis, int dim) {
        int[] changed = dims.clone();
        changed[axis("shape.with", axis)] = dim;
        return of(changed);
    }

    /**
     * The shape that both broadcast to: aligned at the innermost axis, an extent of 1 (or a missing axis) stretches to
     * the other's.
     *
     * @param operation the name that an error message begins with
     * @throws ShapeException if two extents differ and neither is 1
     */
    public static Shape broadcast(String operation, Shape left, Shape right) {
        if (left.equals(right)) {
            return left;
        }
        int rank = Math.max(left.rank(), right.rank());
        int[] dims = new int[rank];
        for (int i = 1; i <= rank; i++) {
            int l = i <= left.rank() ? left.dims[left.rank() - i] : 1;
            int r = i <= right.rank() ? right.dims[right.rank() - i] : 1;
            if (l != r && l != 1 && r != 1) {
                throw ShapeException.of(operation, "shapes do not broadcast")
                        .operand("left", left)
                        .operand("right", right)
                        .expected("equal extents, or 1, at axis " + -i);
            }
            dims[rank - i] = l == 1 ? r : l;
        }
        return of(dims);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    /** The extents in brackets: {@code [32, 128]}. */
    @Override
    public String toString() {
        return Arrays.stream(dims).mapToObj(Integer::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
