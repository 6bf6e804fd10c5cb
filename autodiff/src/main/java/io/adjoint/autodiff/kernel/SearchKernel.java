package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.Side;
import io.adjoint.autodiff.runtime.Array;

/** Binary search in sorted rows. */
public final class SearchKernel {
    /** What a halving costs, in operations of a map. */
    private static final int COST = 4;

    private SearchKernel() {}

    /**
     * For each value, where in its row it would be put.
     *
     * @param sorted {@code [..., n]}, ascending
     * @param values {@code [..., m]} of the same dtype
     * @param out I64 of the values' shape, contiguous
     */
    public static void run(Array sorted, Array values, Side side, Array out) {
        if (out.size() == 0) {
            return;
        }
        int last = values.shape().rank() - 1;
        int m = values.shape().dim(last);
        int n = sorted.shape().dim(last);
        if (n == 0) {
            return; // 0 everywhere
        }
        Array rows = sorted.view(sorted.shape().with(last, 1), sorted.strides(), sorted.offset());
        int stride = sorted.stride(last);
        int halvings = Integer.SIZE - Integer.numberOfLeadingZeros(n);
        Pieces.share(out.size(), (long) halvings * COST, (from, to) -> {
            for (int i = from; i < to; i++) {
                long key = OrderKeys.at(values, values.position(i));
                out.longs()[out.offset() + i] = place(sorted, rows.position(i / m), stride, n, key, side);
            }
        });
    }

    private static int place(Array sorted, int start, int stride, int n, long key, Side side) {
        int low = 0;
        int high = n;
        while (low < high) {
            int middle = low + high >>> 1;
            long found = OrderKeys.at(sorted, start + middle * stride);
            boolean before = switch (side) {
                case LEFT -> found < key;
                case RIGHT -> found <= key;
            };
            if (before) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
