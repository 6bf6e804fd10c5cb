package io.adjoint.serialization.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;

/** Results of one formula, computed in two ways. */
final class Closeness {
    private Closeness() {}

    /** Floats may differ by the tolerance, relative to 1 or to themselves; integers and truth values must be equal. */
    static void assertClose(Tensor expected, Tensor found, double tolerance, String what) {
        assertEquals(expected.spec(), found.spec(), what);
        if (!expected.dtype().isFloat()) {
            assertTrue(expected.sameBits(found), () -> what + ": expected " + expected + ", found " + found);
            return;
        }
        double[] a = expected.cast(DType.F64).toDoubles();
        double[] b = found.cast(DType.F64).toDoubles();
        for (int i = 0; i < a.length; i++) {
            boolean isClose = Double.isNaN(a[i]) ? Double.isNaN(b[i])
                    : a[i] == b[i] || Math.abs(a[i] - b[i]) <= tolerance * Math.max(1, Math.abs(a[i]));
            int at = i;
            assertTrue(isClose, () -> what + ": at " + at + " expected " + a[at] + ", found " + b[at]);
        }
    }
}
