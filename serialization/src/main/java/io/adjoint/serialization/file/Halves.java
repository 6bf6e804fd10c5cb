package io.adjoint.serialization.file;

/**
 * Floats of 16 bits and of 32. Not by {@link Float#float16ToFloat}, which may make a signalling NaN a quiet one: here each of
 * the 65,536 values of either kind comes back with its bits.
 */
final class Halves {
    private static final int F32_INFINITY = 0x7F80_0000;
    private static final int F16_INFINITY = 0x7C00;
    private static final int SIGN = 0x8000;

    private Halves() {}

    static float fromF16(short bits) {
        if ((bits & F16_INFINITY) == F16_INFINITY) {
            return Float.intBitsToFloat((bits & SIGN) << 16 | F32_INFINITY | (bits & 0x3FF) << 13);
        }
        return Float.float16ToFloat(bits);
    }

    static float fromBf16(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /** Rounded to the nearest, ties to even, infinite from 65,520 on. A NaN keeps the upper bits of its payload. */
    static short toF16(float value) {
        if (Float.isNaN(value)) {
            int bits = Float.floatToRawIntBits(value);
            return (short) (bits >>> 16 & SIGN | F16_INFINITY | nanPayload(bits >>> 13 & 0x3FF, 0x200));
        }
        return Float.floatToFloat16(value);
    }

    /** Rounded to the nearest, ties to even. A NaN keeps the upper bits of its payload. */
    static short toBf16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 & (SIGN | F32_INFINITY >>> 16) | nanPayload(bits >>> 16 & 0x7F, 0x40));
        }
        return (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
    }

    /** A payload of nothing would be an infinity. */
    private static int nanPayload(int payload, int quiet) {
        return payload == 0 ? quiet : payload;
    }

    /** Whether a half is infinite though the float that it was made of is not. */
    static boolean overflows(float value, float back) {
        return Float.isInfinite(back) && Float.isFinite(value);
    }
}
