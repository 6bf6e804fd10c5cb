package io.adjoint.serialization.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.check.GradientCheck;
import io.adjoint.autodiff.function.ClassOptions;
import io.adjoint.autodiff.function.Losses;
import io.adjoint.autodiff.function.Reduction;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ActivationOperatorsTest {
    private static final Tensor X = Rng.seed(1).normal(Shape.of(2, 3, 4), DType.F64);

    @Test
    void beforeOpset13SoftmaxIsOverAllAxesFromOneOn() {
        Tensor old = OneNode.of("Softmax", 11).run(X);
        assertTrue(old.sameBits(X.reshape(2, 12).softmax(1).reshape(2, 3, 4)));
        assertTrue(OneNode.of("LogSoftmax", 11).with("axis", -1).run(X)
                .sameBits(X.reshape(6, 4).logSoftmax(1).reshape(2, 3, 4)));
        assertTrue(OneNode.of("Softmax", 13).run(X).sameBits(X.softmax(2)));
        assertEquals(2, OneNode.of("Hardmax", 11).run(X).sum().item());
        assertEquals(8, OneNode.of("Hardmax", 13).with("axis", 1).run(X).sum().item());
        assertThrows(ShapeException.class, () -> OneNode.of("Softmax", 11).with("axis", 4).run(X));
    }

    @Test
    void hardmaxTakesTheFirstOfEquals() {
        assertArrayEquals(new float[] {0, 1, 0},
                OneNode.of("Hardmax", 13).run(Tensor.of(new float[] {1, 3, 3})).toFloats());
    }

    @Test
    void slopesLieAlongTheChannelsBeforeOpset7AndBroadcastLater() {
        Tensor slope = Tensor.of(new double[] {0.1, 0.2, 0.3});
        assertTrue(OneNode.of("PRelu", 6).run(X, slope).sameBits(OneNode.of("PRelu", 9).run(X, slope.reshape(3, 1))));
        assertThrows(ShapeException.class, () -> OneNode.of("PRelu", 9).run(X, slope));
        assertThrows(ShapeException.class, () -> OneNode.of("PRelu", 9).run(X.select(0, 0), X));
    }

    @Test
    void theMaskOfDropoutIsOfTheInputsTypeBeforeOpset10() {
        List<Value> old = OneNode.of("Dropout", 7).outputs(2).runAll(Value.of(X));
        List<Value> current = OneNode.of("Dropout", 13).outputs(2).runAll(Value.of(X));
        assertTrue(X.sameBits(old.getFirst().tensor()));
        assertEquals(ElementType.DOUBLE, old.getLast().type());
        assertEquals(ElementType.BOOL, current.getLast().type());
    }

    @Test
    void integersAreShrunkWithoutAFraction() {
        Tensor x = Tensor.of(new int[] {-3, -1, 0, 1, 3});
        assertArrayEquals(new int[] {-1, 0, 0, 0, 1},
                OneNode.of("Shrink", 9).with("lambd", 1.5f).with("bias", 1.5f).run(x).toInts());
    }

    @Test
    void gradientsFlowThroughActivations() {
        for (String operator : List.of("Swish", "Selu", "Softplus", "Mish", "Gelu", "LogSoftmax", "HardSwish")) {
            GradientCheck.of(operator).check(given -> OneNode.of(operator, 24).run(given.getFirst()), X);
        }
        GradientCheck.of("SwiGLU").check(given -> OneNode.of("SwiGLU", 28).with("alpha", 1.3f)
                .run(given.toArray(Tensor[]::new)), X, X.flip(0));
        GradientCheck.of("PRelu").check(given -> OneNode.of("PRelu", 16).run(given.toArray(Tensor[]::new)), X,
                X.select(0, 1).slice(0, 0, 1));
    }

    @Test
    void lossesAreThoseOfTheLibrary() {
        Tensor labels = Tensor.of(new long[] {0, 2, 1, 2, 2, 0, 1, 1}, 2, 4);
        Tensor weights = Tensor.of(new double[] {1, 2, 0.5});
        ClassOptions options = ClassOptions.DEFAULT.withWeights(weights).withIgnored(2);
        for (Reduction reduction : List.of(Reduction.NONE, Reduction.SUM, Reduction.MEAN)) {
            OneNode node = OneNode.of("SoftmaxCrossEntropyLoss", 13).outputs(2).with("ignore_index", 2)
                    .with("reduction", reduction.name().toLowerCase(Locale.ROOT));
            List<Value> found = node.runAll(Value.of(X), Value.of(labels), Value.of(weights));
            Tensor expected = Losses.crossEntropy(X, labels, options, reduction);
            assertTrue(expected.sameBits(found.getFirst().tensor()), reduction.name());
            assertTrue(X.logSoftmax(1).sameBits(found.getLast().tensor()));
        }
        GradientCheck.of("NegativeLogLikelihoodLoss").check(given -> OneNode.of("NegativeLogLikelihoodLoss", 13)
                .run(given.getFirst(), labels, weights), X.logSoftmax(1));
        assertThrows(ShapeException.class, () -> OneNode.of("NegativeLogLikelihoodLoss", 13)
                .with("reduction", "most").run(X, labels));
    }
}
