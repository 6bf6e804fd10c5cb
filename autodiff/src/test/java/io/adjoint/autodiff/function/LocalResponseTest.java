package io.adjoint.autodiff.function;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalResponseTest {
    private static final double[] X = {1, -2, 3, 0.5, -1.5, 2.5};

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 12, 65536})
    void dividesByTheSquaresOfItsNeighbours(int size) {
        double[] expected = new double[X.length];
        for (int c = 0; c < X.length; c++) {
            double sum = 0;
            for (int i = Math.max(0, c - size / 2); i <= Math.min(X.length - 1, c + (size - 1) / 2); i++) {
                sum += X[i] * X[i];
            }
            expected[c] = X[c] / Math.pow(2 + 0.7 * sum / size, 0.75);
        }
        Tensor x = Tensor.of(X, 1, X.length, 1);
        Tensor result = Normalisation.localResponse(x, size, 0.7, 0.75, 2);
        assertArrayEquals(expected, result.toDoubles(), 1e-14);
        Graph graph = Graph.trace(in -> Normalisation.localResponse(in, size, 0.7, 0.75, 2), x.spec());
        assertTrue(graph.steps().size() < 40, "as many steps as channels, not as the window is wide");
    }
}
