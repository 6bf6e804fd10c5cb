package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.kernel.ReduceKernel.ArgCombine;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;

/** Where the least or greatest element so far is, for each place along an axis. */
public final class PlaceScan {
    private interface Order {
        /** Whether the element at {@code candidate} takes the place of that at {@code best}, which came before it. */
        boolean follows(int candidate, int best);
    }

    private PlaceScan() {}

    /**
     * Finds for each element the place of the best one up to there, again and again: the last among equals, and the last NaN once there is one.
     *
     * @param in of numbers
     * @param axis in {@code [0, rank)}
     * @param out I64, of the input's shape, with an element or more; contiguous
     */
    public static Launch prepare(ArgCombine which, Array in, int axis, Array out) {
        assert out.dtype() == DType.I64 && out.isContiguous() && out.shape().equals(in.shape());
        int n = in.shape().dim(axis);
        int step = in.stride(axis);
        Order order = which == ArgCombine.MAX ? greatest(in) : least(in);
        Array starts = in.view(in.shape().with(axis, 1), in.strides(), in.offset());
        int inner = out.stride(axis);
        long[] places = out.longs();
        return Pieces.prepare(starts.size(), n, () -> (from, to) -> {
            for (int line = from; line < to; line++) {
                int start = starts.position(line);
                int next = out.offset() + line / inner * inner * n + line % inner;
                int best = 0;
                for (int i = 0; i < n; i++, next += inner) {
                    best = i == 0 || order.follows(start + i * step, start + best * step) ? i : best;
                    places[next] = best;
                }
            }
        });
    }

    private static Order greatest(Array in) {
        return switch (in.dtype()) {
            case BOOL -> throw new AssertionError("BOOL is refused at the edge");
            case I32 -> (i, j) -> in.ints()[i] >= in.ints()[j];
            case I64 -> (i, j) -> in.longs()[i] >= in.longs()[j];
            // beside a NaN that came before, no comparison holds
            case F32 -> (i, j) -> in.floats()[i] >= in.floats()[j] || Float.isNaN(in.floats()[i]);
            case F64 -> (i, j) -> in.doubles()[i] >= in.doubles()[j] || Double.isNaN(in.doubles()[i]);
        };
    }

    private static Order least(Array in) {
        return switch (in.dtype()) {
            case BOOL -> throw new AssertionError("BOOL is refused at the edge");
            case I32 -> (i, j) -> in.ints()[i] <= in.ints()[j];
            case I64 -> (i, j) -> in.longs()[i] <= in.longs()[j];
            case F32 -> (i, j) -> in.floats()[i] <= in.floats()[j] || Float.isNaN(in.floats()[i]);
            case F64 -> (i, j) -> in.doubles()[i] <= in.doubles()[j] || Double.isNaN(in.doubles()[i]);
        };
    }
}
