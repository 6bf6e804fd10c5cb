package io.adjoint.autodiff.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.check.GradientCheck.Mode;
import io.adjoint.autodiff.op.Custom;
import io.adjoint.autodiff.op.Gradient;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The check accepts right gradients and refuses wrong ones, of either order, and says how to see it again. */
class GradientCheckTest {
    private static final Tensor POINT = Rng.seed(1).normal(Shape.of(2, 3), DType.F64);

    /** x^3 with the gradient rule under test. */
    private record Cube(UnaryOperator<Tensor> slope) implements Custom {
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
            return inputs.getFirst().pow(3);
        }

        @Override
        public Gradient gradient() {
            return Gradient.of(Gradient.Partial.reading(0, v -> v.cotangent().mul(slope.apply(v.input(0)))));
        }
    }

    private static Tensor rightSlope(Tensor x) {
        return x.mul(x).mul(3);
    }

    @ParameterizedTest
    @EnumSource
    void acceptsARightGradient(Mode mode) {
        GradientCheck.of("cube").withMode(mode)
                .check(in -> new Cube(GradientCheckTest::rightSlope).apply(in.getFirst()), POINT);
    }

    @ParameterizedTest
    @EnumSource
    void refusesAGradientThatIsTwiceTooLarge(Mode mode) {
        GradientMismatch mismatch = assertThrows(GradientMismatch.class, () -> GradientCheck.of("cube").withMode(mode)
                .withSeed(42).check(in -> new Cube(x -> rightSlope(x).mul(2)).apply(in.getFirst()), POINT));
        assertEquals(2, mismatch.analytic() / mismatch.numeric(), 1e-6);
    }

    @ParameterizedTest
    @EnumSource
    void refusesAGradientThatIsWrongInOneElementByATenThousandth(Mode mode) {
        Tensor wrong = Tensor.of(new double[] {1, 1, 1, 1, 1, 1.0001}, 2, 3);
        assertThrows(GradientMismatch.class, () -> GradientCheck.of("cube").withMode(mode)
                .check(in -> new Cube(x -> rightSlope(x).mul(wrong)).apply(in.getFirst()), POINT));
    }

    @ParameterizedTest
    @EnumSource
    void functionsThatTurnWithinAFewStepsAreCheckedAsWell(Mode mode) {
        GradientCheck check = GradientCheck.of("cube of sine").withMode(mode);
        Tensor wrong = Tensor.of(new double[] {1, 1, 1, 1, 1, 1.0001}, 2, 3);
        check.check(in -> new Cube(GradientCheckTest::rightSlope).apply(in.getFirst().mul(3000).sin()), POINT);
        assertThrows(GradientMismatch.class, () -> check.check(
                in -> new Cube(x -> rightSlope(x).mul(wrong)).apply(in.getFirst().mul(3000).sin()), POINT));
    }

    @ParameterizedTest
    @EnumSource
    void refusesARightGradientThatCannotBeDifferentiatedAgain(Mode mode) {
        GradientCheck check = GradientCheck.of("cube").withMode(mode);
        UnaryOperator<Tensor> cut = x -> rightSlope(x.detached());
        check.withOrder(1).check(in -> new Cube(cut).apply(in.getFirst()), POINT);
        GradientMismatch mismatch = assertThrows(GradientMismatch.class,
                () -> check.check(in -> new Cube(cut).apply(in.getFirst()), POINT));
        assertTrue(mismatch.getMessage().contains("order 2"), mismatch.getMessage());
    }

    @Test
    void oneLineSaysHowToSeeItAgain() {
        GradientMismatch mismatch = assertThrows(GradientMismatch.class, () -> GradientCheck.of("cube").withSeed(42)
                .check(in -> new Cube(x -> rightSlope(x).neg()).apply(in.get(1)), Tensor.range(4), POINT));
        String message = mismatch.getMessage();
        assertFalse(message.contains("\n"), message);
        for (String part : List.of("cube", "order 1", "DIRECTION", "seed 42", "input 1", "(I64[4], F64[2, 3])",
                "analytic " + mismatch.analytic(), "numeric " + mismatch.numeric(), "relative 2.00", "ratio -1.0000")) {
            assertTrue(message.contains(part), part + " is not in: " + message);
        }
    }

    @Test
    void theSameSeedFailsWithTheSameNumbers() {
        UnaryOperator<Tensor> wrong = x -> rightSlope(x).neg();
        String first = assertThrows(GradientMismatch.class,
                () -> GradientCheck.of("cube").check(in -> new Cube(wrong).apply(in.getFirst()), POINT)).getMessage();
        String second = assertThrows(GradientMismatch.class,
                () -> GradientCheck.of("cube").check(in -> new Cube(wrong).apply(in.getFirst()), POINT)).getMessage();
        assertEquals(first, second);
    }

    @Test
    void notANumberAndInfinityAgreeWithNothing() {
        Tensor zero = Tensor.scalar(0, DType.F64);
        // both the gradient and the differences are NaN, or infinite: log(-|x|), sqrt at 0
        assertThrows(GradientMismatch.class,
                () -> GradientCheck.of("nan").check(in -> in.getFirst().abs().neg().sub(1).log(), zero));
        assertThrows(GradientMismatch.class,
                () -> GradientCheck.of("infinity").withOrder(1).check(in -> in.getFirst().sqrt(), zero));
        assertThrows(GradientMismatch.class,
                () -> GradientCheck.of("nan").check(in -> new Cube(x -> x.div(0).mul(0)).apply(in.getFirst()), POINT));
    }

    @ParameterizedTest
    @EnumSource
    void anInputWithoutInfluenceHasAGradientOfZero(Mode mode) {
        GradientCheck check = GradientCheck.of("first").withMode(mode);
        check.check(in -> in.getFirst().sin(), POINT, POINT.exp());
        check.check(in -> POINT.sin(), POINT);
        assertThrows(GradientMismatch.class, () -> check.check(in -> in.getFirst().sin().add(in.get(1).detached()),
                POINT, POINT.exp()), "an influence that the gradient does not know of");
    }

    @Test
    void checksScalarsAndEmptyTensors() {
        GradientCheck check = GradientCheck.of("square").withMode(Mode.JACOBIAN);
        check.check(in -> in.getFirst().square(), Tensor.scalar(1.5, DType.F64));
        check.check(in -> in.getFirst().square(), Tensor.zeros(Shape.of(0, 3), DType.F64));
    }

    @Test
    void checksFloat32WithItsOwnPrecision() {
        Tensor x = POINT.cast(DType.F32);
        GradientCheck check = GradientCheck.of("cube");
        check.check(in -> new Cube(GradientCheckTest::rightSlope).apply(in.getFirst()), x);
        assertThrows(GradientMismatch.class,
                () -> check.check(in -> new Cube(s -> rightSlope(s).mul(1.1)).apply(in.getFirst()), x));
    }

    @Test
    void refusesWhatCannotBeChecked() {
        GradientCheck check = GradientCheck.of("f");
        refused("nothing to differentiate by", () -> check.check(List::getFirst, Tensor.range(3)));
        refused("nothing to differentiate by", () -> check.check(List.of(), () -> POINT));
        refused("the result is not a float", () -> check.check(in -> in.getFirst().gt(0), POINT));
        refused("no such order", () -> check.withOrder(3));
        refused("not a precision", () -> new Precision(0, 1));
        int[] calls = {0};
        refused("two evaluations at one point differ",
                () -> check.check(in -> in.getFirst().add(calls[0]++), POINT));
    }

    private static void refused(String rule, org.junit.jupiter.api.function.Executable call) {
        ShapeException refusal = assertThrows(ShapeException.class, call);
        assertTrue(refusal.getMessage().contains(rule), refusal.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void checksALossByItsParametersAndPutsThemBack(Mode mode) {
        Tensor weights = Rng.seed(2).normal(Shape.of(3, 2), DType.F64);
        Variable weight = Variable.parameter(weights);
        Variable bias = Variable.parameter(Tensor.zeros(Shape.of(2), DType.F64));
        GradientCheck check = GradientCheck.of("layer").withMode(mode);
        check.check(List.of(weight, bias), () -> POINT.matmul(weight.value()).add(bias.value()).tanh().square().mean());
        assertTrue(weight.value().sameBits(weights));
        GradientMismatch mismatch = assertThrows(GradientMismatch.class, () -> check.check(List.of(weight, bias),
                () -> POINT.matmul(weight.value()).add(bias.value().detached()).tanh().mean()));
        assertTrue(mismatch.getMessage().contains("parameter 1"), mismatch.getMessage());
        assertTrue(weight.value().sameBits(weights));
        assertThrows(IllegalStateException.class, () -> check.check(List.of(weight), () -> {
            throw new IllegalStateException("the loss fails");
        }));
        assertTrue(weight.value().sameBits(weights));
        assertFalse(weight.value().isTracked());
    }
}
