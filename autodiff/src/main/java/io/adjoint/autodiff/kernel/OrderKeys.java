package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.runtime.Array;

/** Elements of all dtypes as integers of the same order: NaN above infinity, -0 equal to 0, true above false. */
final class OrderKeys {
    private OrderKeys() {}

    /** The key of the element at a position, in as many of the lowest bits as the dtype has, and its sign above. */
    static long at(Array x, int position) {
        return switch (x.dtype()) {
            case BOOL -> x.booleans()[position] ? 1 : 0;
            case I32 -> x.ints()[position];
            case I64 -> x.longs()[position];
            case F32 -> key(x.floats()[position]);
            case F64 -> key(x.doubles()[position]);
        };
    }

    private static long key(float x) {
        int bits = Float.floatToIntBits(x + 0f); // -0 + 0 is 0
        return bits ^ bits >> 31 & Integer.MAX_VALUE; // a greater magnitude of a negative number is less
    }

    private static long key(double x) {
        long bits = Double.doubleToLongBits(x + 0.0);
        return bits ^ bits >> 63 & Long.MAX_VALUE;
    }

    /** How many bits of a key can differ; the highest of them is the sign. */
    static int bits(DType dtype) {
        return 8 * dtype.bytes();
    }
}
