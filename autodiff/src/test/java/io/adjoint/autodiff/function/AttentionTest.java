package io.adjoint.autodiff.function;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Attention.Options;
import java.util.List;
import org.junit.jupiter.api.Test;
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

    /** Three heads of queries share no two heads, nor do batches of two and three fit. */
    @Test
    void headsThatDoNotFitAreRefused() {
        Tensor query = Tensor.ones(1, 3, 4, 5);
        Tensor two = Tensor.ones(1, 2, 4, 5);
        for (Tensor key : List.of(query, two)) {
            for (Tensor value : List.of(two, Tensor.ones(3, 4, 4, 5))) {
                assertEquals("attention", assertThrows(ShapeException.class,
                        () -> Attention.scaledDotProduct(query, key, value)).operation());
            }
        }
        assertEquals("attention", assertThrows(ShapeException.class, () -> Attention.scaledDotProduct(
                Tensor.ones(2, 4, 5), Tensor.ones(3, 4, 5), Tensor.ones(4, 5))).operation());
    }
}
