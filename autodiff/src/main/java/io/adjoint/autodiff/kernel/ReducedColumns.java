package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;

/**
 * Joins {@code n} rows, whole rows at a time, for some columns of a nest over input and output, with memory for the partial
 * results, which are rows too. The rows are {@code stride} apart in the input.
 */
final class ReducedColumns {
    private final int n;
    private final int stride;
    private final Nest nest;
    private final int used;
    private final int step;
    private final Loop begin;
    private final Loop next;
    private final Loop fold;

    private final Object[] begun;
    private final Object[] joined;
    private final Object[] folded;
    private final Object[] finished;
    private final int[] offsets = new int[3];
    private final int[] rowStrides = new int[3];
    private final int[] beginColumns;
    private final int[] joinColumns;
    private final int[] foldColumns = {1, 1, 1};

    /**
     * @param begin joins the identity and an element of the input
     * @param next joins a partial result and an element of the input
     * @param fold joins two partial results
     */
    ReducedColumns(int n, int stride, Nest nest, DType type, int mostColumns, Loop begin, Loop next, Loop fold) {
        this.n = n;
        this.stride = stride;
        this.nest = nest;
        this.used = Math.min(n, ReduceKernel.PARTIALS);
        this.step = nest.columnStride(0);
        this.begin = begin;
        this.next = next;
        this.fold = fold;
        Object in = nest.array(0);
        Object out = nest.array(1);
        Object partials = used == 1 ? out : Array.uninitialized(type, Shape.of(used * mostColumns)).data();
        this.begun = new Object[] {in, partials};
        this.joined = new Object[] {partials, in, partials};
        this.folded = new Object[] {partials, partials, partials};
        this.finished = new Object[] {partials, partials, out};
        this.beginColumns = new int[] {step, 1};
        this.joinColumns = new int[] {1, step, 1};
    }

    void run(int row, int column, int columns) {
        int start = nest.position(0, row, column);
        int end = nest.position(1, row, column);
        begin.runJoined(begun, offsets(start, used == 1 ? end : 0, 0), strides(stride, columns, columns), beginColumns,
                used, columns);
        for (int r = used; r < n; r += used) {
            next.runJoined(joined, offsets(0, start + r * stride, 0), strides(columns, stride, columns), joinColumns,
                    Math.min(used, n - r), columns);
        }
        for (int width = ReduceKernel.PARTIALS / 2; width > 0; width /= 2) {
            int pairs = Math.min(width, used - width);
            if (pairs > 0) {
                fold.runJoined(width == 1 ? finished : folded, offsets(0, width * columns, width == 1 ? end : 0),
                        strides(columns, columns, columns), foldColumns, pairs, columns);
            }
        }
    }

    private int[] offsets(int first, int second, int third) {
        return set(offsets, first, second, third);
    }

    private int[] strides(int first, int second, int third) {
        return set(rowStrides, first, second, third);
    }

    private static int[] set(int[] numbers, int first, int second, int third) {
        numbers[0] = first;
        numbers[1] = second;
        numbers[2] = third;
        return numbers;
    }
}
