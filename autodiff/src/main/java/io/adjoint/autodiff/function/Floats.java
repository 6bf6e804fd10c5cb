package io.adjoint.autodiff.function;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;

/** Dtypes of functions of floats. */
final class Floats {
    private Floats() {}

    /** The tensor, or F32 of integers and truth values. */
    static Tensor of(Tensor x) {
        return x.dtype().isFloat() ? x : x.cast(DType.F32);
    }

    /** The float dtype in which two tensors meet. */
    static DType common(Tensor a, Tensor b) {
        return DType.promote(of(a).dtype(), of(b).dtype());
    }

    /** The dtype's distance from 1 to the next number. */
    static double epsilon(Tensor x) {
        return x.dtype() == DType.F64 ? Math.ulp(1.0) : Math.ulp(1f);
    }
}
