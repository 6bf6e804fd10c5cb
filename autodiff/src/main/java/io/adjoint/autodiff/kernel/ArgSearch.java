package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.kernel.ReduceKernel.ArgCombine;
import io.adjoint.autodiff.runtime.Array;
import java.util.function.IntToDoubleFunction;

/** Finds the place of the least or greatest element in a run of elements. */
final class ArgSearch {
    private ArgSearch() {}

    /** The first place of the sought element among {@code n} that begin at {@code start} and lie {@code stride} apart. */
    static int find(ArgCombine which, Array in, int start, int stride, int n) {
        return switch (in.dtype()) {
            // A double holds every value of these dtypes.
            case BOOL -> find(which, at -> in.booleans()[at] ? 1 : 0, start, stride, n);
            case I32 -> find(which, at -> in.ints()[at], start, stride, n);
            case F32 -> find(which, at -> in.floats()[at], start, stride, n);
            case F64 -> find(which, at -> in.doubles()[at], start, stride, n);
            case I64 -> find(which, in.longs(), start, stride, n);
        };
    }

    private static int find(ArgCombine which, IntToDoubleFunction element, int start, int stride, int n) {
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
