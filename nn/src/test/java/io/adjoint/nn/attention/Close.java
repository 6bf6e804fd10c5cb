package io.adjoint.nn.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.Tensor;

/** Equality but for rounding in F64. */
final class Close {
    private Close() {}

    static void assertClose(Tensor expected, Tensor actual) {
        assertEquals(expected.spec(), actual.spec());
        assertTrue(expected.isClose(actual, 1e-11, 1e-12).all().toBooleans()[0],
                () -> "expected " + expected + ", but was " + actual);
    }
}
