package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;
import java.util.Arrays;

/**
 * Joins {@code n} rows, whole rows at a time, for some columns of a nest over input and output, with memory for the partial
 * results, which are rows too. The rows are {@code stride} apart in the input.
 */
final class ReducedColumns {
    /** Rows that one pass over the partial results joins to each of them. */
    static final int DEPTH = 4;

    private final int n;
    private final int stride;
    private final Nest nest;
    private final int used;
    private final int step;
    private final Loop begin;
    private final Loop next;
    private final Loop deep;
    private final Loop fold;

    private final Object[] begun;
    private final Object[] joined;
    private final Object[] deeplyJoined;
    private final Object[] folded;
    private final Object[] finished;
    private final int[] offsets = new int[3];
    private final int[] rowStrides = new int[3];
    private final int[] beginColumns;
    private final int[] joinColumns;
    private final int[] foldColumns = {1, 1, 1};
    private final int[] deepOffsets = new int[DEPTH + 2];
    private final int[] deepStrides = new int[DEPTH + 2];
    private final int[] deepColumns = new int[DEPTH + 2];

    /**
     * @param begin joins the identity and an element of the input
     * @param next joins a partial result and an element of the input
     * @param deep joins a partial result and {@link #DEPTH} elements of the input, one after the other, if there are {@link #isDeep} many rows
     * @param fold joins two partial results
     */
    ReducedColumns(int n, int stride, Nest nest, DType type, int mostColumns, Loop begin, Loop next, Loop deep,
            Loop fold) {
        this.n = n;
        this.stride = stride;
        this.nest = nest;
        this.used = Math.min(n, ReduceKernel.PARTIALS);
        this.step = nest.columnStride(0);
        this.begin = begin;
        this.next = next;
        this.deep = deep;
        this.fold = fold;
        Object in = nest.array(0);
        Object out = nest.array(1);
        Object partials = used == 1 ? out : Array.uninitialized(type, Shape.of(used * mostColumns)).data();
        this.begun = new Object[] {in, partials};
        this.joined = new Object[] {partials, in, partials};
        this.deeplyJoined = ends(partials, in);
        this.folded = new Object[] {partials, partials, partials};
        this.finished = new Object[] {partials, partials, out};
        this.beginColumns = new int[] {step, 1};
        this.joinColumns = new int[] {1, step, 1};
        Arrays.fill(deepColumns, step);
        deepColumns[0] = 1;
        deepColumns[DEPTH + 1] = 1;
    }

    /** Whether so many rows are joined in passes over {@link #DEPTH} of them too. */
    static boolean isDeep(int n) {
        return n >= (DEPTH + 1) * ReduceKernel.PARTIALS;
    }

    private static Object[] ends(Object partials, Object in) {
        Object[] arrays = new Object[DEPTH + 2];
        Arrays.fill(arrays, in);
        arrays[0] = partials;
        arrays[DEPTH + 1] = partials;
        return arrays;
    }

    void run(int row, int column, int columns) {
        int start = nest.position(0, row, column);
        int end = nest.position(1, row, column);
        begin.runJoined(begun, offsets(start, used == 1 ? end : 0, 0), strides(stride, columns, columns), beginColumns,
                used, columns);
        int r = used;
        for (; r + DEPTH * used <= n; r += DEPTH * used) {
            for (int k = 0; k < DEPTH; k++) {
                deepOffsets[1 + k] = start + (r + k * used) * stride;
                deepStrides[1 + k] = stride;
            }
            deepStrides[0] = columns;
            deepStrides[DEPTH + 1] = columns;
            deep.runJoined(deeplyJoined, deepOffsets, deepStrides, deepColumns, used, columns);
        }
        for (; r < n; r += used) {
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
