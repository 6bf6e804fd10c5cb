package io.adjoint.optim;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Module;
import io.adjoint.optim.samples.OptimizerSample;
import io.adjoint.optim.samples.OptimizerSamples;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A compiled step of every optimizer has the bits of the plain one: losses, parameters and state. */
class CompiledStepTest {
    private static final int STEPS = 7;

    private record Model(Variable matrix, Variable vector) implements Module {
        static Model random() {
            return new Model(Variable.parameter(Rng.seed(1).normal(Shape.of(3, 2), DType.F32)),
                    Variable.parameter(Rng.seed(2).normal(Shape.of(3), DType.F32)));
        }

        Tensor loss(Tensor x) {
            Tensor y = matrix.value().matmul(x).add(vector.value());
            return y.square().sum().add(y.sin().sum());
        }
    }

    @TestFactory
    Stream<DynamicTest> compiledStepsHaveTheSameBits() {
        return OptimizerSamples.all().stream()
                .map(sample -> dynamicTest(sample.toString(), () -> check(sample)));
    }

    private static void check(OptimizerSample sample) {
        Model plainModel = Model.random();
        Model model = Model.random();
        Optimizer plain = sample.make().over(plainModel);
        Optimizer optimizer = sample.make().over(model);
        Program step = Program.compile((Tensor x) -> optimizer.minimize(() -> model.loss(x)));
        for (int t = 0; t < STEPS; t++) {
            Tensor x = Rng.seed(3).stream(t).normal(Shape.of(2), DType.F32);
            Tensor expected = plain.minimize(() -> plainModel.loss(x));
            assertTrue(expected.sameBits(step.apply(x)), "the loss of step " + t);
            Map<String, Variable> found = variables(model, optimizer);
            variables(plainModel, plain).forEach((path, variable) -> assertTrue(
                    variable.value().sameBits(found.get(path).value()), () -> path + " after a step: "
                            + variable.value() + " but compiled " + found.get(path).value()));
        }
    }

    private static Map<String, Variable> variables(Model model, Optimizer optimizer) {
        Map<String, Variable> variables = new LinkedHashMap<>(model.variables());
        variables.putAll(optimizer.variables());
        return variables;
    }
}
