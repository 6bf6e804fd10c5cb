package io.adjoint.autodiff.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.check.GradientCheck;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An operation of the user's own has all rights of the built-in ones. */
class CustomTest {
    private record Cube() implements Custom {
        @Override
        public String id() {
            return "cube";
        }

        @Override
        public TensorSpec infer(List<TensorSpec> inputs) {
            return inputs.getFirst();
        }

        @Override
        public Tensor compute(List<Tensor> inputs) {
            assertFalse(inputs.getFirst().isTracked(), "compute runs on constants");
            return inputs.getFirst().mul(inputs.getFirst()).mul(inputs.getFirst());
        }

        @Override
        public Gradient gradient() {
            return Gradient.of(Gradient.Partial.reading(0, v -> v.cotangent().mul(v.input(0).square().mul(3))));
        }
    }

    @Test
    void itsRuleServesEveryOrder() {
        Tensor x = Tensor.scalar(2, DType.F64).tracked();
        Tensor first = new Cube().apply(x).differentiableGradients(x).of(x);
        assertEquals(12, first.item());
        Tensor second = first.differentiableGradients(x).of(x);
        assertEquals(12, second.item());
        assertEquals(6, second.gradients(x).of(x).item());
        GradientCheck.of("cube").check(inputs -> new Cube().apply(inputs.getFirst()),
                Tensor.of(new double[] {-1, 0.5, 2}));
    }

    /** Says that it keeps the spec, but computes and pulls back in another dtype. */
    private record Liar(DType computed, DType pulled) implements Custom {
        @Override
        public String id() {
            return "liar";
        }

        @Override
        public TensorSpec infer(List<TensorSpec> inputs) {
            return inputs.getFirst();
        }

        @Override
        public Tensor compute(List<Tensor> inputs) {
            return inputs.getFirst().cast(computed);
        }

        @Override
        public Gradient gradient() {
            return Gradient.of(Gradient.Partial.linear(v -> v.cotangent().cast(pulled)));
        }
    }

    @Test
    void oneThatBreaksItsOwnRulesIsRefused() {
        Tensor x = Tensor.scalar(2, DType.F64).tracked();
        assertThrows(ShapeException.class, () -> new Liar(DType.F32, DType.F64).apply(x));
        Tensor y = new Liar(DType.F64, DType.F32).apply(x);
        assertThrows(ShapeException.class, () -> y.gradients(x));
        assertEquals(1, new Liar(DType.F64, DType.F64).apply(x).gradients(x).of(x).item());
    }
}
