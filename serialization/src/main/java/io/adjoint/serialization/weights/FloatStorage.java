package io.adjoint.serialization.weights;

import io.adjoint.autodiff.DType;
import io.adjoint.serialization.file.StoredType;

/** How F32 tensors lie in a file. Tensors of other dtypes are always stored as they are. */
public enum FloatStorage {
    /** As they are, to the bit. */
    EXACT,
    /** In 16 bits: 11 significant bits, to 65504, rounded to the nearest, ties to even. Larger ones are refused. */
    F16,
    /** In 16 bits: 8 significant bits, the range of F32, rounded to the nearest, ties to even. */
    BF16;

    StoredType of(DType dtype) {
        return this == EXACT || dtype != DType.F32 ? StoredType.of(dtype) : StoredType.valueOf(name());
    }
}
