package io.adjoint.autodiff.function;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Attention.Options;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttentionTest {
    /** Query head h reads the keys and values of head h / 3. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void neighbouringHeadsOfQueriesShareKeysAndValues(boolean isCausal) {
        Options options = isCausal ? Options.CAUSAL : Options.DEFAULT;
        Rng rng = Rng.seed(3);
        Tensor query = rng.stream(1).normal(Shape.of(2, 6, 4, 3), DType.F64);
        Tensor key = rng.stream(2).normal(Shape.of(2, 2, 5, 3), DType.F64);
        Tensor value = rng.stream(3).normal(Shape.of(2, 2, 5, 7), DType.F64);
        Tensor grouped = Attention.scaledDotProduct(query, key, value, options);
        assertEquals(Shape.of(2, 6, 4, 7), grouped.shape());
        for (int head = 0; head < 6; head++) {
            Tensor alone = Attention.scaledDotProduct(query.select(1, head), key.select(1, head / 3),
                    value.select(1, head / 3), options);
            assertArrayEquals(alone.toDoubles(), grouped.select(1, head).toDoubles(), 1e-14, "head " + head);
        }
    }
}
