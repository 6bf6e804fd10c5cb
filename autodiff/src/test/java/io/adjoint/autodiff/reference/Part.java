package io.adjoint.autodiff.reference;

import io.adjoint.autodiff.DType;
import java.util.OptionalDouble;

/** What of a case is compared, and how closely: the table of tolerances that was published with the values. */
enum Part {
    OUTPUT("out", 1e-11, 5e-6), GRADIENT("grad", 1e-10, 2e-5), HESSIAN_VECTOR_PRODUCT("hvp", 1e-9, 1e-4);

    private final String key;
    private final double float64;
    private final double float32;

    Part(String key, double float64, double float32) {
        this.key = key;
        this.float64 = float64;
        this.float32 = float32;
    }

    /** The name under which a case states its condition. */
    String key() {
        return key;
    }

    /** The greatest error allowed, none if PyTorch's float32 had no meaningful result and this run is in float32. */
    OptionalDouble tolerance(DType dtype, OptionalDouble condition) {
        if (dtype == DType.F64) {
            return OptionalDouble.of(float64 + 1e-6 * condition.orElse(0));
        }
        return condition.isPresent() ? OptionalDouble.of(float32 + 10 * condition.getAsDouble()) : condition;
    }
}
