package io.adjoint.serialization.file;

import io.adjoint.autodiff.DType;

/** How an element may lie in a file, by the names that most formats have for it, and the dtype that holds all its values. */
public enum StoredType {
    BOOL(1, DType.BOOL), I8(1, DType.I32), U8(1, DType.I32), I16(2, DType.I32), U16(2, DType.I32), I32(4, DType.I32),
    U32(4, DType.I64), I64(8, DType.I64),
    /** Of its values, those from 2^63 on are refused. */
    U64(8, DType.I64),
    /** IEEE 754 binary16. */
    F16(2, DType.F32),
    /** The upper half of a binary32. */
    BF16(2, DType.F32), F32(4, DType.F32), F64(8, DType.F64);

    private final int bytes;
    private final DType dtype;

    StoredType(int bytes, DType dtype) {
        this.bytes = bytes;
        this.dtype = dtype;
    }

    /** The type in which a dtype is stored as it is. */
    public static StoredType of(DType dtype) {
        return valueOf(dtype.name());
    }

    /** Size of one element in the file. */
    public int bytes() {
        return bytes;
    }

    /** What such elements become. */
    public DType dtype() {
        return dtype;
    }
}
