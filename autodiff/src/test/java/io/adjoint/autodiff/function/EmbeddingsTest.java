package io.adjoint.autodiff.function;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Embeddings.Frequency;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Gradients that are not those of the values, on purpose. */
class EmbeddingsTest {
    private final Tensor table = Rng.seed(1).normal(Shape.of(3, 1), DType.F64).tracked();
    private final Tensor index = Tensor.of(new long[] {0, 2, 0, 1, 0, 2});
    private final Tensor cotangent = Tensor.of(new double[] {1, 2, 4, 8, 16, 32}, 6, 1);

    private double[] gradient(OptionalInt padding, Frequency frequency) {
        Tensor rows = Embeddings.lookup(table, index, padding, frequency);
        assertArrayEquals(table.detached().indexSelect(0, index).toDoubles(), rows.detached().toDoubles());
        return rows.vjp(cotangent, table).of(table).toDoubles();
    }

    @Test
    void thePaddingHasNoGradient() {
        assertArrayEquals(new double[] {21, 8, 34}, gradient(OptionalInt.empty(), Frequency.SUM));
        assertArrayEquals(new double[] {0, 8, 34}, gradient(OptionalInt.of(0), Frequency.SUM));
        assertArrayEquals(new double[] {21, 8, 0}, gradient(OptionalInt.of(-1), Frequency.SUM));
    }

    @Test
    void theGradientOfARowIsDividedByItsFrequency() {
        assertArrayEquals(new double[] {7, 8, 17}, gradient(OptionalInt.empty(), Frequency.MEAN), 1e-14);
    }
}
