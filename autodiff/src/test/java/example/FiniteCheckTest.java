package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Gradients;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.check.FiniteCheck;
import io.adjoint.autodiff.check.NotFiniteException;
import io.adjoint.autodiff.function.Embeddings;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Outside of the framework's packages, where users are: messages name lines of this file. */
class FiniteCheckTest {
    private static final Variable W = Variable.parameter(Tensor.of(new float[] {0f, 4f}));

    @Test
    void namesTheFirstOperationAndItsLine() {
        NotFiniteException thrown = assertThrows(NotFiniteException.class,
                () -> FiniteCheck.noNan(() -> W.value().sub(1).log().add(1).sum()));
        assertEquals("log", thrown.operation());
        assertTrue(thrown.getMessage().startsWith("log made NaN at FiniteCheckTest.lambda")
                && thrown.getMessage().endsWith(": F32[2] from -1.0 to 3.0 -> F32[2]"), thrown.getMessage());
    }

    /** The root of 0 is 0, but 0 times its infinite slope is not a number: the loss is fine, the gradient is not. */
    @Test
    void namesTheOperationWhoseGradientItIs() {
        NotFiniteException thrown = assertThrows(NotFiniteException.class, () -> FiniteCheck.noNan(() -> Training.scope(
                () -> FiniteCheckTest.loss().gradients(List.of(W)))));
        assertEquals("sqrt", thrown.operation());
        assertTrue(
                thrown.getMessage()
                        .contains(" made NaN in the gradient of sqrt at FiniteCheckTest.loss(FiniteCheckTest.java:"),
                thrown.getMessage());
    }

    /** Cotangents of rows of a table are summed before the product's rule sees them. */
    @Test
    void namesTheProductOfRowsWhoseGradientItIs() {
        Tensor table = Tensor.ones(2, 16).tracked();
        Tensor index = Tensor.of(new long[] {0, 1, 0, 0});
        NotFiniteException thrown = assertThrows(NotFiniteException.class, () -> FiniteCheck.finite(
                () -> product(table, index).mul(Tensor.full(Shape.of(4, 3), DType.F32, 2e38)).sum().gradients(table)));
        assertEquals("matmul", thrown.operation());
        assertTrue(thrown.getMessage().startsWith(
                "scatter_add made Infinity in the gradient of matmul at FiniteCheckTest.product(FiniteCheckTest.java:"),
                thrown.getMessage());
        NotFiniteException below = assertThrows(NotFiniteException.class, () -> FiniteCheck.finite(
                () -> Embeddings.lookup(table, index).vjp(Tensor.full(Shape.of(4, 16), DType.F32, 2e38), table)));
        assertTrue(below.getMessage().contains("in the gradient of gather at FiniteCheckTest."), below.getMessage());
    }

    private static Tensor product(Tensor table, Tensor index) {
        return Embeddings.lookup(table, index).matmul(Tensor.zeros(16, 3));
    }

    private static Tensor loss() {
        return W.value().sqrt().mul(Tensor.of(new float[] {0f, 1f})).sum();
    }

    @Test
    void saysWhereANanCameFromOutside() {
        NotFiniteException thrown = assertThrows(NotFiniteException.class,
                () -> FiniteCheck.noNan(() -> Tensor.of(new float[] {Float.NaN, 1f}).exp()));
        assertTrue(thrown.getMessage().startsWith("exp: an operand held NaN"), thrown.getMessage());
    }

    @Test
    void infinitiesCountIfAskedFor() {
        Tensor big = Tensor.of(new float[] {100f});
        assertEquals(Double.POSITIVE_INFINITY, FiniteCheck.noNan(big::exp).item());
        assertEquals("exp", assertThrows(NotFiniteException.class, () -> FiniteCheck.finite(big::exp)).operation());
    }

    @Test
    void whatIsFiniteHasTheSameBits() {
        Variable x = Variable.parameter(Tensor.of(new float[] {0.5f, 2f, 3f}));
        Gradients plain = Training.scope(() -> model(x).gradients(List.of(x)));
        Gradients watched = FiniteCheck.finite(() -> Training.scope(() -> model(x).gradients(List.of(x))));
        assertTrue(plain.of(x).sameBits(watched.of(x)));
    }

    private static Tensor model(Variable x) {
        Tensor y = x.value();
        return y.tanh().mul(y.gelu()).add(y.log()).add(y.softmax(0)).sum();
    }

    @Test
    void looksAtWhatAVariableHolds() {
        Tensor numbers = Tensor.of(new float[] {1f, Float.POSITIVE_INFINITY, 2f, Float.NaN, 3f, 4f}, 2, 3);
        assertHeld(numbers, false, true);
        assertHeld(numbers.cast(DType.F64), false, true);
        assertHeld(numbers.slice(1, 1, 3), false, false);
        assertHeld(numbers.transpose().select(1, 0), false, false);
        assertHeld(numbers.slice(1, 0, 1), false, true);
        assertHeld(numbers.slice(1, 2, 3), true, false);
        assertHeld(Tensor.of(new long[] {1}), true, false);
        assertHeld(Tensor.of(new float[0]), true, false);
    }

    private static void assertHeld(Tensor value, boolean isFinite, boolean hasNan) {
        Variable variable = Variable.buffer(value);
        assertEquals(isFinite, FiniteCheck.isFinite(variable), value.toString());
        assertEquals(hasNan, FiniteCheck.hasNan(variable), value.toString());
    }
}
