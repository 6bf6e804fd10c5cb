package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;
import java.util.Arrays;

/**
 * The positions of some arrays of one shape as a nest of loops, neighbouring axes collapsed into one wherever all strides
 * allow: the two innermost are the columns and rows of a {@link Loop}, the others are walked around it.
 */
final class Nest {
    private final Object[] arrays;
    private final int[] offsets;
    private final int levels;
    private final int[] dims;
    /** The strides of the operands for each level; level 0 is the columns. */
    private final int[][] strides;

    private Nest(Object[] arrays, int[] offsets, int levels, int[] dims, int[][] strides) {
        this.arrays = arrays;
        this.offsets = offsets;
        this.levels = levels;
        this.dims = dims;
        this.strides = strides;
    }

    /** The nest over {@code shape}, which has an element or more. */
    static Nest of(Shape shape, Array[] inputs, Array out) {
        int operands = inputs.length + 1;
        Object[] arrays = new Object[operands];
        int[] offsets = new int[operands];
        for (int k = 0; k < operands; k++) {
            Array operand = k < inputs.length ? inputs[k] : out;
            arrays[k] = operand.data();
            offsets[k] = operand.offset();
        }
        int levels = 0;
        int[] dims = new int[Math.max(2, shape.rank())];
        int[][] strides = new int[dims.length][];
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            int dim = shape.dim(axis);
            if (dim == 1) {
                continue;
            }
            int[] steps = new int[operands];
            for (int k = 0; k < operands; k++) {
                steps[k] = (k < inputs.length ? inputs[k] : out).stride(axis);
            }
            if (levels > 0 && continues(strides[levels - 1], dims[levels - 1], steps)) {
                dims[levels - 1] *= dim;
            } else {
                dims[levels] = dim;
                strides[levels++] = steps;
            }
        }
        // A level of one element has no strides to speak of; 1 spares it a layout of its own.
        for (; levels < 2; levels++) {
            dims[levels] = 1;
            strides[levels] = new int[operands];
            Arrays.fill(strides[levels], 1);
        }
        return new Nest(arrays, offsets, levels, dims, strides);
    }

    private static boolean continues(int[] inner, int dim, int[] outer) {
        for (int k = 0; k < inner.length; k++) {
            if (outer[k] != inner[k] * dim) {
                return false;
            }
        }
        return true;
    }

    /** How the inputs lie along the columns. */
    Layout[] layouts() {
        Layout[] layouts = new Layout[arrays.length - 1];
        for (int k = 0; k < layouts.length; k++) {
            layouts[k] = Layout.of(strides[0][k]);
        }
        return layouts;
    }

    int columns() {
        return dims[0];
    }

    /** The rows of all walks together. */
    int rows() {
        int rows = 1;
        for (int level = 1; level < levels; level++) {
            rows *= dims[level];
        }
        return rows;
    }

    /** Runs the loop over the rectangle from the row and column given. */
    void run(Loop loop, int row, int column, int rows, int columns) {
        int end = row + rows;
        int[] start = new int[offsets.length];
        while (row < end) {
            int within = row % dims[1];
            int count = Math.min(dims[1] - within, end - row);
            place(start, row, column);
            loop.run(arrays, start, strides[1], strides[0], count, columns);
            row += count;
        }
    }

    private void place(int[] start, int row, int column) {
        for (int k = 0; k < start.length; k++) {
            start[k] = offsets[k] + column * strides[0][k];
        }
        for (int level = 1; level < levels; level++) {
            int index = row % dims[level];
            row /= dims[level];
            for (int k = 0; k < start.length; k++) {
                start[k] += index * strides[level][k];
            }
        }
    }
}
