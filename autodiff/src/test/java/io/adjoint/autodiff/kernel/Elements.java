package io.adjoint.autodiff.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.runtime.Array;

/** Elements of arrays as raw bits in a {@code long}, one by one: slow and plain. */
final class Elements {
    private Elements() {}

    /** The bits of the element with row-major number {@code index}. */
    static long get(Array array, int index) {
        int at = array.position(index);
        return switch (array.dtype()) {
            case BOOL -> array.booleans()[at] ? 1 : 0;
            case I32 -> array.ints()[at];
            case I64 -> array.longs()[at];
            case F32 -> Integer.toUnsignedLong(Float.floatToRawIntBits(array.floats()[at]));
            case F64 -> Double.doubleToRawLongBits(array.doubles()[at]);
        };
    }

    static void set(Array array, int index, long bits) {
        int at = array.position(index);
        switch (array.dtype()) {
            case BOOL -> array.booleans()[at] = bits != 0;
            case I32 -> array.ints()[at] = (int) bits;
            case I64 -> array.longs()[at] = bits;
            case F32 -> array.floats()[at] = Float.intBitsToFloat((int) bits);
            case F64 -> array.doubles()[at] = Double.longBitsToDouble(bits);
        }
    }

    /** All NaNs count as one value. */
    static long canonical(DType type, long bits) {
        return switch (type) {
            case BOOL -> bits & 1;
            case I32 -> (int) bits;
            case I64 -> bits;
            case F32 -> Integer.toUnsignedLong(Float.floatToIntBits(Float.intBitsToFloat((int) bits)));
            case F64 -> Double.doubleToLongBits(Double.longBitsToDouble(bits));
        };
    }

    /** Fails at the first element whose bits differ. */
    static void assertSameBits(Array expected, Array actual, Object context) {
        assertEquals(expected.shape(), actual.shape());
        assertEquals(expected.dtype(), actual.dtype());
        for (int i = 0; i < expected.size(); i++) {
            long left = canonical(expected.dtype(), get(expected, i));
            long right = canonical(actual.dtype(), get(actual, i));
            if (left != right) {
                assertEquals(
                        Long.toHexString(left), Long.toHexString(right),
                        "element " + i + " of " + expected + ": " + context);
            }
        }
    }
}
