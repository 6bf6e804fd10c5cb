package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.lane.Lane.BinaryOp;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.runtime.Workers;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Reductions over axes, in an order that is a function of the shape only: walk the reduced axes in row-major order with a
 * running index {@code r}; {@code partial[r % 32] = partial[r % 32] op x[r]}, where all partial results start as the
 * identity; then join them as a tree, {@code partial[j] = partial[j] op partial[j + w]} for {@code j < w}, with {@code w}
 * = 16, 8, 4, 2, 1. Axes that have a kept axis of more than one element between them are not walked as one: those behind
 * the last such axis are reduced first, then the others of what is left. Every path gives exactly the bits of that, with any number of threads.
 */
public final class ReduceKernel {
    /** Number of interleaved partial results: four vectors of eight lanes, enough to hide the latency of an addition. */
    static final int PARTIALS = 32;

    /**
     * Columns of partial results that are carried at a time where whole rows are joined: they stay in the second level. Rows that are
     * no longer come as one stream, and parts of longer ones are long enough for what is fetched ahead.
     */
    private static final int BLOCK = 512;

    /** Columns by which threads share rows. */
    private static final int SHARE = 64;

    /** Fewer columns than this are better reduced one by one. */
    private static final int NARROW = 8;

    private ReduceKernel() {}

    /** How two elements are joined. */
    public enum Combine {
        /** Sum; integers wrap around; 0 of nothing. */
        SUM(BinaryOp.ADD),
        /** Product; integers wrap around; 1 of nothing. */
        PROD(BinaryOp.MUL),
        /** {@code Math.min}: NaN wins, -0 is less than +0; the greatest value of nothing (infinity for floats). */
        MIN(BinaryOp.MIN),
        /** {@code Math.max}: NaN wins, -0 is less than +0; the least value of nothing (minus infinity for floats). */
        MAX(BinaryOp.MAX),
        /** Disjunction of BOOL; false of nothing. */
        ANY(BinaryOp.OR),
        /** Conjunction of BOOL; true of nothing. */
        ALL(BinaryOp.AND);

        private final BinaryOp op;

        Combine(BinaryOp op) {
            this.op = op;
        }

        BinaryOp op() {
            return op;
        }

        /** The value that changes no other. */
        Lane.Constant identity(DType type) {
            boolean narrow = type == DType.I32;
            return (Lane.Constant) switch (this) {
                case SUM, ANY -> Lane.constant(type, 0.0);
                case PROD, ALL -> Lane.constant(type, 1.0);
                case MIN -> type.isFloat() ? Lane.constant(type, Double.POSITIVE_INFINITY)
                        : Lane.constant(type, narrow ? Integer.MAX_VALUE : Long.MAX_VALUE);
                case MAX -> type.isFloat() ? Lane.constant(type, Double.NEGATIVE_INFINITY)
                        : Lane.constant(type, narrow ? Integer.MIN_VALUE : Long.MIN_VALUE);
            };
        }
    }

    /** Which element's place is asked for. */
    public enum ArgCombine {
        /** The least. */
        MIN,
        /** The greatest. */
        MAX
    }

    /**
     * Joins the elements along some axes.
     *
     * @param axes distinct, ascending, each in {@code [0, rank)}; with none of them, or none of more than one element,
     *     every element is still joined with the identity
     * @param out of the input's dtype and its shape without the axes; contiguous, not the input's memory
     */
    public static void run(Combine combine, Array in, int[] axes, Array out) {
        run(combine, in, axes, out, Simd.mode());
    }

    static void run(Combine combine, Array in, int[] axes, Array out, Simd.Mode mode) {
        prepare(combine, in, axes, out, mode).run();
    }

    /** The same to be done again and again. */
    public static Launch prepare(Combine combine, Array in, int[] axes, Array out) {
        return prepare(combine, in, axes, out, Simd.mode());
    }

    static Launch prepare(Combine combine, Array in, int[] axes, Array out, Simd.Mode mode) {
        assert in.dtype() == out.dtype() && out.isContiguous();
        if (out.size() == 0) {
            return Launch.NOTHING;
        }
        Reducer reducer = Reducer.of(combine, in.dtype(), mode);
        if (in.size() == 0) { // first of all: without an axis of nothing there may be too many elements
            return () -> reducer.fill(out);
        }
        int last = lastGroup(in.shape(), axes);
        if (last > 0) {
            int[] group = Arrays.copyOfRange(axes, last, axes.length);
            int[] others = axes(in.shape().rank(), group);
            Array joined = Array.uninitialized(
                    in.dtype(), Shape.of(Arrays.stream(others).map(in.shape()::dim).toArray()));
            Launch inner = prepare(combine, in, group, joined, mode);
            Launch outer = prepare(combine, joined, Arrays.copyOf(axes, last), out, mode);
            return Launch.all(inner, outer);
        }
        Array rest = part(in, axes, false);
        Array reduced = part(in, axes, true);
        if (!isOneRun(reduced)) {
            return reduceRuns(reducer, rest, reduced, out);
        }
        int n = reduced.size();
        int stride = strideOf(reduced);
        return walksColumns(rest, stride) ? reduceColumns(reducer, rest, n, stride, out)
                : reduceRows(reducer, rest, n, stride, out);
    }

    /** Where the last of those axes begin that have no kept axis of more than one element between them. */
    private static int lastGroup(Shape shape, int[] axes) {
        for (int i = axes.length - 1; i > 0; i--) {
            for (int axis = axes[i - 1] + 1; axis < axes[i]; axis++) {
                if (shape.dim(axis) != 1) {
                    return i;
                }
            }
        }
        return 0;
    }

    private static int[] axes(int rank, int[] without) {
        return IntStream.range(0, rank).filter(axis -> !contains(without, axis)).toArray();
    }

    /** The part of the array that some axes span, or all the others, at 0 along the rest. */
    private static Array part(Array in, int[] axes, boolean spanned) {
        int rank = in.shape().rank();
        int[] dims = new int[spanned ? axes.length : rank - axes.length];
        int[] strides = new int[dims.length];
        int next = 0;
        for (int axis = 0; axis < rank; axis++) {
            if (contains(axes, axis) == spanned) {
                dims[next] = in.shape().dim(axis);
                strides[next++] = in.stride(axis);
            }
        }
        return in.view(Shape.of(dims), strides, in.offset());
    }

    private static boolean contains(int[] axes, int wanted) {
        for (int axis : axes) {
            if (axis == wanted) {
                return true;
            }
        }
        return false;
    }

    /** Whether neighbours in row-major order all lie at the same distance. */
    private static boolean isOneRun(Array array) {
        int stride = strideOf(array);
        int expected = stride;
        for (int axis = array.shape().rank() - 1; axis >= 0; axis--) {
            int dim = array.shape().dim(axis);
            if (dim != 1 && array.stride(axis) != expected) {
                return false;
            }
            expected *= dim;
        }
        return true;
    }

    /** The stride of the innermost axis that has one. */
    private static int strideOf(Array array) {
        for (int axis = array.shape().rank() - 1; axis >= 0; axis--) {
            if (array.shape().dim(axis) != 1) {
                return array.stride(axis);
            }
        }
        return 1;
    }

    /** Whether the elements next to each other in memory belong to different results, so that whole rows are joined. */
    private static boolean walksColumns(Array rest, int stride) {
        int rank = rest.shape().rank();
        for (int axis = rank - 1; axis >= 0; axis--) {
            int dim = rest.shape().dim(axis);
            if (dim != 1) {
                return dim >= NARROW && Math.abs(rest.stride(axis)) < Math.abs(stride);
            }
        }
        return false;
    }

    private static Launch reduceRows(Reducer reducer, Array rest, int n, int stride, Array out) {
        int step = n == 1 ? 1 : stride;
        return Nest.around(n, new int[] {step, 0}, rest, out).prepareWholeRows(reducer.rows(n, Layout.of(step)), 1);
    }

    private static Launch reduceColumns(Reducer reducer, Array rest, int n, int stride, Array out) {
        Nest nest = Nest.of(rest, out);
        int columns = nest.columns();
        int sharing = Math.ceilDiv(Workers.threads(), nest.rows());
        int block = Math.min(BLOCK, Math.ceilDiv(columns, sharing * SHARE) * SHARE);
        int blocks = Math.ceilDiv(columns, block);
        return Pieces.prepare(nest.rows() * blocks, (long) n * Math.min(columns, block), () -> {
            ReducedColumns body = reducer.columns(n, stride, nest, Math.min(columns, block));
            return (from, to) -> {
                for (int item = from; item < to; item++) {
                    int column = item % blocks * block;
                    body.run(item / blocks, column, Math.min(block, columns - column));
                }
            };
        });
    }

    private static Launch reduceRuns(Reducer reducer, Array rest, Array reduced, Array out) {
        Nest runs = Nest.of(reduced);
        return Pieces.prepare(out.size(), reduced.size(), () -> {
            ReducedRuns body = reducer.runs(runs, out);
            return (from, to) -> {
                for (int i = from; i < to; i++) {
                    body.run(rest.position(i) - rest.offset(), out.offset() + i);
                }
            };
        });
    }

    /**
     * Finds the place of the least or greatest element along an axis, again and again: the first among equals, where a NaN beats every number.
     *
     * @param axis of extent 1 or more, in {@code [0, rank)}
     * @param out I64, of the input's shape without the axis; contiguous
     */
    public static Launch prepareArg(ArgCombine which, Array in, int axis, Array out) {
        assert out.dtype() == DType.I64 && out.isContiguous();
        int n = in.shape().dim(axis);
        int stride = in.stride(axis);
        Array rest = part(in, new int[] {axis}, false);
        ArgSearch search = ArgSearch.of(which, in);
        return Pieces.prepare(out.size(), n, () -> (from, to) -> {
            long[] places = out.longs();
            for (int i = from; i < to; i++) {
                places[out.offset() + i] = search.find(rest.position(i), stride, n);
            }
        });
    }
}
