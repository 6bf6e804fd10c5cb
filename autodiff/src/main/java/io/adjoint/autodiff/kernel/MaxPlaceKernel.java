package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.runtime.Workers;
import java.util.Arrays;
import java.util.function.IntConsumer;

/** Finds where the greatest element of each window of a plane is. */
public final class MaxPlaceKernel {
    /**
     * What the windows see along one axis: window {@code o} sees {@code count[o]} elements, one or more, from {@code from[o]}
     * on, {@code step} apart.
     */
    public record Spans(int[] from, int[] count, int step) {}

    private interface Order {
        /** Whether the element at {@code candidate} takes the place of that at {@code best}: NaN always does. */
        boolean beats(int candidate, int best);
    }

    private final Order order;
    private final Spans[] axes;
    private final int[] strides;

    private MaxPlaceKernel(Order order, Spans[] axes, int[] strides) {
        this.order = order;
        this.axes = axes;
        this.strides = strides;
    }

    /**
     * Finds for each window the row-major number, within the plane of the innermost axes, of its greatest element, again and
     * again: the first among equals, but the last NaN if there is one.
     *
     * @param x {@code [outer..., extents...]}
     * @param out I64 {@code [outer..., windows...]}, contiguous, with an element or more
     */
    public static Launch prepare(Array x, Spans[] axes, Array out) {
        Copies.Staged whole = Copies.staged(x);
        return Launch.all(whole.load(), ofContiguous(whole.array(), axes, out));
    }

    /**
     * The same with the elements themselves.
     *
     * @param x contiguous
     * @param values contiguous, of x's dtype and the shape of {@code places}
     */
    public static Launch prepare(Array x, Spans[] axes, Array places, Array values) {
        int plane = plane(x, axes);
        Launch plain = Launch.all(ofContiguous(x, axes, places),
                IndexKernel.gather(rows(x, plane), rows(places, places.size() / (x.size() / plane)), 1,
                        rows(values, places.size() / (x.size() / plane))));
        return isInPairs(x, axes) ? new TieredLaunch(() -> MaxPairs.isReady(x.size()), () -> plain,
                () -> MaxPairs.prepare(x, axes[0], axes[1], plane, places, values)) : plain;
    }

    /** Contiguous elements, so many in a row. */
    private static Array rows(Array x, int columns) {
        return x.view(Shape.of(x.size() / columns, columns), new int[] {columns, 1}, x.offset());
    }

    /** Elements of a plane. */
    private static int plane(Array x, Spans[] axes) {
        int rank = x.shape().rank();
        return Shape.of(Arrays.copyOfRange(x.shape().dims(), rank - axes.length, rank)).size();
    }

    private static boolean isInPairs(Array x, Spans[] axes) {
        return axes.length == 2 && x.dtype() == DType.F32 && Simd.mode() != Simd.Mode.OFF
                && MaxPairs.serves(axes[0], axes[1]);
    }

    private static Launch ofContiguous(Array x, Spans[] axes, Array out) {
        int rank = x.shape().rank();
        int plane = plane(x, axes);
        if (isInPairs(x, axes)) {
            return new TieredLaunch(() -> MaxPairs.isReady(x.size()),
                    () -> FloatMaxPlaces.prepare(x, axes[0], axes[1], plane, out),
                    () -> MaxPairs.prepare(x, axes[0], axes[1], plane, out));
        }
        if (axes.length == 2 && x.dtype() == DType.F32) {
            return FloatMaxPlaces.prepare(x, axes[0], axes[1], plane, out);
        }
        if (axes.length == 2 && x.dtype() == DType.F64) {
            return DoubleMaxPlaces.prepare(x, axes[0], axes[1], plane, out);
        }
        int[] strides = Arrays.copyOfRange(x.shape().rowMajorStrides(), rank - axes.length, rank);
        MaxPlaceKernel kernel = new MaxPlaceKernel(order(x), axes, strides);
        int[] window = new int[axes.length];
        return () -> {
            int next = out.offset();
            for (int start = x.offset(); start < x.offset() + x.size(); start += plane) {
                next = kernel.windows(0, start, start, window, out.longs(), next);
            }
        };
    }

    /** The same work on each of some planes of so many elements, which threads share. */
    static Launch planes(int count, int size, IntConsumer each) {
        int parts = (int) Math.min(4L * Workers.threads(), 1 + (long) count * size / Pieces.GRAIN);
        return Workers.prepare(parts, part -> {
            for (int p = Tiling.begin(part, parts, count); p < Tiling.begin(part + 1, parts, count); p++) {
                each.accept(p);
            }
        });
    }

    private static Order order(Array x) {
        return switch (x.dtype()) {
            case BOOL -> throw new AssertionError(DType.BOOL);
            case I32 -> (i, j) -> x.ints()[i] > x.ints()[j];
            case I64 -> (i, j) -> x.longs()[i] > x.longs()[j];
            case F32 -> {
                float[] data = x.floats();
                yield (i, j) -> data[i] > data[j] || Float.isNaN(data[i]);
            }
            case F64 -> {
                double[] data = x.doubles();
                yield (i, j) -> data[i] > data[j] || Double.isNaN(data[i]);
            }
        };
    }

    /** All windows from this axis inwards, in row-major order; {@code first} is the first element seen by the window so far. */
    private int windows(int axis, int plane, int first, int[] window, long[] places, int next) {
        if (axis == axes.length) {
            places[next] = best(0, plane, first, window) - plane;
            return next + 1;
        }
        for (int o = 0; o < axes[axis].from().length; o++) {
            window[axis] = o;
            next = windows(axis + 1, plane, first + axes[axis].from()[o] * strides[axis], window, places, next);
        }
        return next;
    }

    /** The best of {@code best} and the elements that the window sees from this axis inwards. */
    private int best(int axis, int base, int best, int[] window) {
        Spans spans = axes[axis];
        int count = spans.count()[window[axis]];
        int step = spans.step() * strides[axis];
        int at = base + spans.from()[window[axis]] * strides[axis];
        for (int t = 0; t < count; t++, at += step) {
            if (axis < axes.length - 1) {
                best = best(axis + 1, at, best, window);
            } else if (order.beats(at, best)) {
                best = at;
            }
        }
        return best;
    }
}
