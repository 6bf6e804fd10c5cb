package io.adjoint.autodiff.function;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import org.junit.jupiter.api.Test;

/** Distances by hand. */
class DistancesTest {
    private static final Tensor POINTS = Tensor.of(new double[] {0, 0, 3, 4, 3, 0}, 3, 2);

    @Test
    void theCosineOfScalarsIsTheSignOfTheirProduct() {
        Tensor x = Tensor.of(new double[] {-2}, Shape.scalar());
        Tensor y = Tensor.of(new double[] {3}, Shape.scalar());
        assertEquals(Shape.scalar(), Distances.cosine(x, y, 0, 1e-8).shape());
        assertEquals(-1, Distances.cosine(x, y, 0, 1e-8).item(), 1e-15);
        assertEquals(-1, Distances.cosine(x, y, -1, 1e-8).item(), 1e-15);
        assertThrows(ShapeException.class, () -> Distances.cosine(x, y, 1, 1e-8));
    }

    @Test
    void aShortVectorCountsAsAsLongAsEpsilon() {
        Tensor x = Tensor.of(new double[] {0.3, 0.4}, 1, 2);
        Tensor y = Tensor.of(new double[] {3, 4}, 1, 2);
        assertEquals(0.25, Distances.cosine(x, y, 1, 2).item(), 1e-15);
    }

    @Test
    void eachPairOnce() {
        assertArrayEquals(new double[] {5, 3, 4}, Distances.ofPairs(POINTS, 2).toDoubles());
        assertArrayEquals(new double[] {7, 3, 4}, Distances.ofPairs(POINTS, 1).toDoubles());
        assertArrayEquals(new double[] {4, 3, 4}, Distances.ofPairs(POINTS, Double.POSITIVE_INFINITY).toDoubles());
        assertArrayEquals(new double[] {2, 1, 1}, Distances.ofPairs(POINTS, 0).toDoubles());
    }

    @Test
    void allFromAllWithBroadcastBatches() {
        Tensor all = Distances.all(POINTS, POINTS.slice(0, 0, 1).expand(2, 1, 2), 2);
        assertEquals(Shape.of(2, 3, 1), all.shape());
        assertArrayEquals(new double[] {0, 5, 3, 0, 5, 3}, all.toDoubles());
    }
}
