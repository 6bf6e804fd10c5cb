package io.adjoint.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
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
