package example.user;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.op.Custom;
import io.adjoint.autodiff.op.Gradient;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Each step of a graph knows the innermost line of the user's that led to it. */
class StepPlacesTest {
    /** The methods whose lines applied the operations, in order and each once in a row. */
    private static String places(UnaryOperator<Tensor> function) {
        StringBuilder methods = new StringBuilder();
        String last = "";
        for (Graph.Step step : Graph.trace(function, new TensorSpec(DType.F32, Shape.of(3))).steps()) {
            if (step instanceof Graph.Apply apply) {
                String method = apply.place().map(StackTraceElement::getMethodName).orElse("nobody");
                methods.append(method.equals(last) ? "" : " " + method);
                last = method;
            }
        }
        return methods.toString().strip();
    }

    private static Tensor doubled(Tensor x) {
        return x.add(x);
    }

    private static Tensor suspendedDoubled(Tensor x) {
        return Training.suspended(() -> doubled(x));
    }

    private static Tensor suspendedSquare(Tensor x) {
        return Training.suspended(x::square);
    }

    @Test
    void linesWithinAScopeAreTheirOwn() {
        assertEquals("doubled", places(StepPlacesTest::suspendedDoubled));
    }

    @Test
    void whatAScopeDoesByItselfIsDoneWhereItIsOpened() {
        assertEquals("suspendedSquare", places(StepPlacesTest::suspendedSquare));
    }

    private static Tensor inTurns(Tensor x) {
        return doubled(suspendedSquare(suspendedDoubled(x.neg()).neg()).neg()).neg();
    }

    @Test
    void scopesFollowEachOther() {
        assertEquals("inTurns doubled inTurns suspendedSquare inTurns doubled inTurns",
                places(StepPlacesTest::inTurns));
    }

    private static Tensor inEachOther(Tensor x) {
        return Training.suspended(() -> suspendedSquare(x).add(Training.suspended(() -> doubled(x))));
    }

    @Test
    void scopesLieInEachOther() {
        assertEquals("suspendedSquare doubled lambda$inEachOther$0", places(StepPlacesTest::inEachOther));
    }

    /** An operation whose rule is code of the user's. */
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
            return inputs.getFirst().pow(3);
        }

        @Override
        public Gradient gradient() {
            return Gradient.of(Gradient.Partial.reading(0, Cube::rule));
        }

        private static Tensor rule(Gradient.Context context) {
            return context.cotangent().mul(context.input(0).square().mul(3));
        }
    }

    private static Tensor slope(Tensor x) {
        Tensor tracked = x.tracked();
        return loss(tracked).gradients(tracked).of(tracked);
    }

    private static Tensor loss(Tensor x) {
        return new Cube().apply(x.exp()).square().sum();
    }

    @Test
    void gradientsAreTakenWhereTheyAreAskedForAndRulesAreLinesToo() {
        assertEquals("loss slope rule slope", places(StepPlacesTest::slope));
    }
}
