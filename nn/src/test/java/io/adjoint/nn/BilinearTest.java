package io.adjoint.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BilinearTest {
    @Test
    void isTheFormulaWithPyTorchsNames() {
        Bilinear layer = new Bilinear(
                Variable.parameter(Tensor.of(new double[] {1, 2, 3, 4, 5, 6, 0, 1, 0, 0, 0, 0}, 2, 2, 3)),
                Optional.of(Variable.parameter(Tensor.of(new double[] {0.5, -0.5}))));
        Tensor y = layer.forward(Tensor.of(new double[] {2, 1}), Tensor.of(new double[] {1, 10, 100}));
        // 2 (1 + 20 + 300) + (4 + 50 + 600) + 0.5, and 2 * 10 - 0.5
        assertEquals("[1296.5,   19.5]  F64[2]", y.toString());
        assertEquals(List.of("weight", "bias"), List.copyOf(layer.variables().keySet()));
    }

    @Test
    void firstValuesAreUniformByTheFirstWidth() {
        Bilinear layer = Bilinear.of(16, 9, 100, Rng.seed(1));
        assertEquals(Shape.of(100, 16, 9), layer.weight().spec().shape());
        for (Variable variable : layer.parameters()) {
            double most = variable.value().abs().max().item();
            assertTrue(most <= 0.25 && most > 0.24, () -> variable + " up to " + most);
        }
    }

    @Test
    void refusals() {
        assertEquals("bilinear: the weight does not fit: left [2, 4], right [2, 5], weight [6, 3, 5]; "
                + "expected left [..., m], right [..., n] and weight [out, m, n]",
                assertThrows(ShapeException.class, () -> Bilinear.of(3, 5, 6, Rng.seed(1))
                        .forward(Tensor.zeros(2, 4), Tensor.zeros(2, 5))).getMessage());
        Variable matrix = Variable.parameter(Tensor.zeros(2, 3));
        assertEquals("bilinear: the weight has not three axes: weight [2, 3]; expected [out, left, right]",
                assertThrows(ShapeException.class, () -> new Bilinear(matrix, Optional.empty())).getMessage());
    }
}
