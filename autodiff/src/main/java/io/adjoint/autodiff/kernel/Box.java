package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;
import java.util.ArrayList;
import java.util.List;

/** A box of places on a grid: where it begins, and how far it reaches. */
record Box(int[] start, int[] extent) {
    /** Boxes that cover a grid, in row-major order, each of at most {@code most} places or of one. */
    static List<Box> cover(int[] grid, long most) {
        int[] extent = new int[grid.length];
        long left = Math.max(1, most);
        for (int axis = grid.length - 1; axis >= 0; axis--) {
            extent[axis] = (int) Math.max(1, Math.min(grid[axis], left));
            left = extent[axis] < grid[axis] ? 1 : left / extent[axis];
        }
        List<Box> boxes = new ArrayList<>();
        int[] start = new int[grid.length];
        int axis = 0;
        while (axis >= 0) {
            int[] clipped = new int[grid.length];
            for (int i = 0; i < grid.length; i++) {
                clipped[i] = Math.min(extent[i], grid[i] - start[i]);
            }
            boxes.add(new Box(start.clone(), clipped));
            for (axis = grid.length - 1; axis >= 0; axis--) {
                if (start[axis] + clipped[axis] < grid[axis]) {
                    start[axis] += clipped[axis];
                    break;
                }
                start[axis] = 0;
            }
        }
        return boxes;
    }

    /** Number of places. */
    int size() {
        return Shape.of(extent).size();
    }

    /** The part of an array {@code [channels, grid...]} inside the box. */
    Array of(Array x) {
        int[] dims = x.shape().dims();
        int offset = x.offset();
        for (int axis = 0; axis < start.length; axis++) {
            dims[axis + 1] = extent[axis];
            offset += start[axis] * x.stride(axis + 1);
        }
        return x.view(Shape.of(dims), x.strides(), offset);
    }
}
