package io.adjoint.autodiff;

/**
 * The type of a tensor's elements.
 *
 * <p>The constants stand in order of promotion: an operation on two dtypes computes in the later one, so {@code
 * promote(I64, F32)} is {@code F32} and {@code promote(BOOL, I32)} is {@code I32}.
 *
 * <p>What operations make of BOOL and integers:
 * <ul>
 * <li>Sums, differences, products, powers, maxima, minima, remainders, rounded quotients, {@code abs}, {@code neg}, {@code
 * sign}, {@code relu} and {@code square} of integers are integers, modulo their width where they overflow. BOOL counts as
 * I32; it has no {@code neg}. An integer divisor of 0 is refused, and so is a negative whole number as exponent of integers.
 * <li>{@code floor}, {@code ceil}, {@code round} and {@code trunc} give integers as they are.
 * <li>The true quotient {@code div}, {@code exp}, {@code sigmoid} and all other functions of floats take integers as F32.
 * <li>Comparisons promote both sides and give BOOL, choices ({@code where}) promote both sides, BOOL stays BOOL there. Logic
 * ({@code and}, {@code not}, ...) wants BOOL; {@code logicalAnd} and its like, {@code any} and {@code all} take every number
 * that is not 0 as true.
 * <li>Sums and products along axes, running ones too, stay in the integer dtype, modulo its width (PyTorch takes I32 as I64);
 * those of BOOL are in I64. Means, variances, norms and {@code logSumExp} take integers as F32.
 * <li>A Java number takes the dtype of the tensor; beside BOOL or an integer that cannot hold it, both become I64 or, for
 * fractions and infinities, F32.
 * </ul>
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

    /**
     * Whether a number, without its fraction, can be an element: an integer dtype holds no NaN and nothing beyond its range;
     * of BOOL every number but 0 is true.
     */
    public boolean holds(double number) {
        return switch (this) {
            case I32 -> number > Integer.MIN_VALUE - 1.0 && number < Integer.MAX_VALUE + 1.0;
            case I64 -> number >= Long.MIN_VALUE && number < -(double) Long.MIN_VALUE;
            case BOOL, F32, F64 -> true;
        };
    }

    /** The dtype in which an operation on {@code a} and {@code b} computes: the later of the two constants. */
    public static DType promote(DType a, DType b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
