package io.adjoint.autodiff;

/**
 * The type of a tensor's elements.
 *
 * <p>The constants stand in order of promotion: an operation on two dtypes computes in the later one, so {@code
 * promote(I64, F32)} is {@code F32} and {@code promote(BOOL, I32)} is {@code I32}.
 */
public enum DType {
    /** True or false, held in a {@code boolean[]}. */
    BOOL(1, boolean.class),
    /** 32-bit two's complement integers, held in an {@code int[]}. */
    I32(4, int.class),
    /** 64-bit two's complement integers, held in a {@code long[]}; the dtype of indices. */
    I64(8, long.class),
    /** IEEE 754 binary32, held in a {@code float[]}; the default. */
    F32(4, float.class),
    /** IEEE 754 binary64, held in a {@code double[]}. */
    F64(8, double.class);

    private final int bytes;
    private final Class<?> primitive;

    DType(int bytes, Class<?> primitive) {
        this.bytes = bytes;
        this.primitive = primitive;
    }

    /** Size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    /** The Java primitive that holds one element. */
    public Class<?> primitive() {
        return primitive;
    }

    /** Whether this is F32 or F64: only those carry gradients. */
    public boolean isFloat() {
        return this == F32 || this == F64;
    }

    /** Whether this is I32 or I64. */
    public boolean isInteger() {
        return this == I32 || this == I64;
    }

    /** The dtype in which an operation on {@code a} and {@code b} computes: the later of the two constants. */
    public static DType promote(DType a, DType b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
