package io.adjoint.serialization.onnx;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.graph.Narrow;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The element types of ONNX tensors that can be computed with. Those that the library has no dtype for travel as tensors of a
 * wider one, their carrier, which holds each of their values exactly; after each operator a result is rounded or wrapped to
 * what its type can hold.
 */
public enum ElementType {
    /** IEEE single precision. */
    FLOAT(1, DType.F32),
    /** 0 to 255. */
    UINT8(2, DType.I32),
    /** -128 to 127. */
    INT8(3, DType.I32),
    /** 0 to 65,535. */
    UINT16(4, DType.I32),
    /** -32,768 to 32,767. */
    INT16(5, DType.I32),
    /** 32-bit integers. */
    INT32(6, DType.I32),
    /** 64-bit integers. */
    INT64(7, DType.I64),
    /** Truth values. */
    BOOL(9, DType.BOOL),
    /** IEEE half precision. */
    FLOAT16(10, DType.F32),
    /** IEEE double precision. */
    DOUBLE(11, DType.F64),
    /** 0 to 2^32 - 1. */
    UINT32(12, DType.I64),
    /** 0 to 2^64 - 1, of which the upper half travels as negative numbers. */
    UINT64(13, DType.I64),
    /** The upper half of single precision. */
    BFLOAT16(16, DType.F32);

    private final int number;
    private final DType carrier;

    ElementType(int number, DType carrier) {
        this.number = number;
        this.carrier = carrier;
    }

    /** The type that ONNX files give this number, {@code TensorProto.DataType}. */
    public static Optional<ElementType> of(int number) {
        return Arrays.stream(values()).filter(type -> type.number == number).findFirst();
    }

    /** The type of a dtype of the library. */
    public static ElementType of(DType dtype) {
        return switch (dtype) {
            case BOOL -> BOOL;
            case I32 -> INT32;
            case I64 -> INT64;
            case F32 -> FLOAT;
            case F64 -> DOUBLE;
        };
    }

    /** The number in ONNX files. */
    public int number() {
        return number;
    }

    /** The dtype of tensors that carry elements of this type. */
    public DType carrier() {
        return carrier;
    }

    /** Whether this is one of the four float types. */
    public boolean isFloat() {
        return carrier.isFloat();
    }

    /** Whether the carrier holds values that this type does not. */
    public boolean isNarrow() {
        return this != of(carrier);
    }

    /**
     * Each element rounded to nearest, ties to even, or wrapped around, to what this type can hold. The gradient passes
     * rounding as if it were not there.
     *
     * @param tensor of the carrier
     */
    public Tensor narrow(Tensor tensor) {
        return isNarrow() && this != UINT64 ? new Narrow(this).apply(tensor) : tensor;
    }

    /** In the spelling of ONNX: {@code float16}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
