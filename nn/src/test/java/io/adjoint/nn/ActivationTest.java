package io.adjoint.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.PairwiseDistance.LastAxis;
import java.util.Arrays;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class ActivationTest {
    @Test
    void valuesOfTheFormulasComputedByHand() {
        Tensor x = Tensor.of(new double[] {-1, 0, 2});
        assertClose(Activation.RELU, x, 0, 0, 2);
        assertClose(Activation.TANH, x, -0.7615941559557649, 0, 0.9640275800758169);
        assertClose(Activation.SIGMOID, x, 0.2689414213699951, 0.5, 0.8807970779778823);
        assertClose(Activation.SOFTPLUS, x, 0.31326168751822286, 0.6931471805599453, 2.1269280110429727);
        // x Phi(x), with Phi(-1) = 0.158655253931457, Phi(2) = 0.977249868051821
        assertClose(Activation.GELU, x, -0.15865525393145705, 0, 1.9544997361036416);
        assertClose(Activation.SILU, x, -0.2689414213699951, 0, 1.7615941559557649);
        assertClose(LeakyRelu.standard(), x, -0.01, 0, 2);
        assertClose(new Softmax(-1), x, 0.04201006613406605, 0.11419519938459449, 0.8437947344813395);
        assertClose(new LogSoftmax(0), x, -3.169846019556, -2.169846019556, -0.169846019556);
    }

    /** The formulas in doubles, at points of every piece. */
    @Test
    void valuesOfTheOtherFormulas() {
        Map<Layer, DoubleUnaryOperator> formulas = Map.ofEntries(
                Map.entry(Activation.RELU6, x -> Math.clamp(x, 0, 6)),
                Map.entry(Activation.TANHSHRINK, x -> x - Math.tanh(x)),
                Map.entry(Activation.LOG_SIGMOID, x -> -Math.log1p(Math.exp(-x))),
                Map.entry(Activation.HARDSIGMOID, x -> Math.clamp(x + 3, 0, 6) / 6),
                Map.entry(Activation.HARDSWISH, x -> x * Math.clamp(x + 3, 0, 6) / 6),
                Map.entry(Activation.SOFTSIGN, x -> x / (1 + Math.abs(x))),
                Map.entry(Activation.GELU_TANH, x -> x / 2
                        * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)))),
                Map.entry(Activation.MISH, x -> x * Math.tanh(Math.log1p(Math.exp(x)))),
                Map.entry(Activation.SELU, x -> 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x))),
                Map.entry(new Identity(), x -> x),
                Map.entry(new Elu(2), x -> x > 0 ? x : 2 * Math.expm1(x)),
                Map.entry(new Celu(2), x -> x > 0 ? x : 2 * Math.expm1(x / 2)),
                Map.entry(Hardshrink.standard(), x -> Math.abs(x) > 0.5 ? x : 0),
                Map.entry(Softshrink.standard(), x -> Math.abs(x) > 0.5 ? x - Math.signum(x) * 0.5 : 0),
                Map.entry(new Hardtanh(-2, 1), x -> Math.clamp(x, -2, 1)),
                Map.entry(new Softplus(2, 3), x -> 2 * x > 3 ? x : Math.log1p(Math.exp(2 * x)) / 2),
                Map.entry(new Threshold(1, -7), x -> x > 1 ? x : -7),
                Map.entry(PRelu.of(1, 0.25, DType.F64), x -> x > 0 ? x : 0.25 * x));
        double[] points = {-7, -2.5, -0.7, -0.2, 0, 0.3, 0.8, 1.4, 1.6, 2.9, 5, 8};
        formulas.forEach((layer, formula) -> assertClose(layer, Tensor.of(points),
                Arrays.stream(points).map(formula).toArray()));
    }

    @Test
    void valuesAlongAnAxis() {
        Tensor x = Tensor.of(new double[] {1, 2, 0, Math.log(3)}, 2, 2);
        assertClose(new Softmin(1), x, 1 / (1 + Math.exp(-1)), 1 / (1 + Math.exp(1)), 0.75, 0.25);
        assertClose(Glu.standard(), x, 1 / (1 + Math.exp(-2)), 0);
        assertClose(new Glu(0), x, 0.5, 2 * 0.75);
        assertClose(new Softmax2d(), x.reshape(2, 1, 2), 1 / (1 + Math.exp(-1)), 1 / (1 + 3 * Math.exp(-2)),
                1 / (1 + Math.exp(1)), 3 / (3 + Math.exp(2)));
        assertClose(PRelu.of(2, -1, DType.F64), x.neg(), 1, 2, 0, Math.log(3));
    }

    @Test
    void vectorsAreCompared() {
        Tensor a = Tensor.of(new double[] {3, 4, 1, 0}, 2, 2);
        Tensor b = Tensor.of(new double[] {4, 3, 0, 2}, 2, 2);
        assertArrayEquals(new double[] {24.0 / 25, 0}, CosineSimilarity.standard().forward(a, b).toDoubles(), 1e-15);
        Tensor distances = PairwiseDistance.standard().forward(a, b);
        assertArrayEquals(new double[] {Math.sqrt(2), Math.sqrt(5)}, distances.toDoubles(), 1e-5);
        assertEquals(Shape.of(2, 1), new PairwiseDistance(1, 0, LastAxis.KEPT).forward(a, b).shape());
        assertArrayEquals(new double[] {2, 3}, new PairwiseDistance(1, 0, LastAxis.KEPT).forward(a, b).toDoubles());
    }

    private static void assertClose(Layer layer, Tensor x, double... expected) {
        double[] found = layer.forward(x).toDoubles();
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], found[i], 1e-12, layer + " at " + i);
        }
    }

    @Test
    void flattenKeepsTheExamplesApart() {
        Tensor x = Tensor.range(24).reshape(2, 3, 4);
        assertEquals(x.reshape(2, 12).toString(), Flatten.examples().forward(x).toString());
        assertEquals(x.reshape(24).toString(), new Flatten(0).forward(x).toString());
    }

    @Test
    void aLayerThatLacksItsAxisNamesItsPath() {
        Sequential model = Sequential.of(Activation.TANH, new Softmax(2));
        assertEquals("1: softmax: axis out of range: axis 2, input [3]; expected an axis from -1 to 0",
                assertThrows(ShapeException.class, () -> model.forward(Tensor.zeros(3))).getMessage());
        assertEquals("0: flatten: axis out of range: axis 1, input [3]; expected an axis from -1 to 0",
                assertThrows(ShapeException.class,
                        () -> Sequential.of(Flatten.examples()).forward(Tensor.zeros(3))).getMessage());
    }

    @Test
    void aSequenceOfNothingIsTheIdentity() {
        Tensor x = Tensor.ones(2);
        assertEquals(x, Sequential.of().forward(x));
    }
}
