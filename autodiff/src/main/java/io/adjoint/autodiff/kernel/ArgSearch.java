package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.kernel.ReduceKernel.ArgCombine;
import io.adjoint.autodiff.runtime.Array;
import java.util.function.IntToDoubleFunction;

/** Finds the place of the least or greatest element in a run of elements. */
interface ArgSearch {
    /** The first place of the sought element among {@code n} that begin at {@code start} and lie {@code stride} apart. */
    int find(int start, int stride, int n);

    /** A search in an array. */
    static ArgSearch of(ArgCombine which, Array in) {
        return switch (in.dtype()) {
            // A double holds every value of these dtypes.
            case BOOL -> in(which, at -> in.booleans()[at] ? 1 : 0);
            case I32 -> in(which, at -> in.ints()[at]);
            case F32 -> in(which, at -> in.floats()[at]);
            case F64 -> in(which, at -> in.doubles()[at]);
            case I64 -> (start, stride, n) -> find(which, in.longs(), start, stride, n);
        };
    }

    private static ArgSearch in(ArgCombine which, IntToDoubleFunction element) {
        return (start, stride, n) -> {
            int place = 0;
            double best = element.applyAsDouble(start);
            for (int i = 1; i < n && !Double.isNaN(best); i++) {
                double x = element.applyAsDouble(start + i * stride);
                if (Double.isNaN(x) || (which == ArgCombine.MAX ? x > best : x < best)) {
                    best = x;
                    place = i;
                }
            }
            return place;
        };
    }

    private static int find(ArgCombine which, long[] elements, int start, int stride, int n) {
        int place = 0;
        long best = elements[start];
        for (int i = 1; i < n; i++) {
            long x = elements[start + i * stride];
            if (which == ArgCombine.MAX ? x > best : x < best) {
                best = x;
                place = i;
            }
        }
        return place;
    }
}
