package io.adjoint.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Threads;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.Losses;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.tape.Internals;
import io.adjoint.nn.Activation;
import io.adjoint.nn.Dropout;
import io.adjoint.nn.Flatten;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Linear;
import io.adjoint.nn.Module;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.norm.BatchNorm;
import io.adjoint.nn.norm.LayerNorm;
import io.adjoint.nn.recurrent.Gru;
import io.adjoint.nn.spatial.Convolution;
import io.adjoint.optim.samples.OptimizerSample;
import io.adjoint.optim.samples.OptimizerSamples;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A hundred compiled steps of every optimizer have the bits of the plain ones: losses, parameters and state. */
class CompiledStepTest {
    private static final int STEPS = 100;
    private static final int LEARNED = 10;

    private record Model(Variable matrix, Variable vector) implements Module {
        static Model random(DType dtype) {
            return new Model(Variable.parameter(Rng.seed(1).normal(Shape.of(3, 2), dtype)),
                    Variable.parameter(Rng.seed(2).normal(Shape.of(3), dtype)));
        }

        Tensor loss(Tensor x) {
            Tensor y = matrix.value().matmul(x).add(vector.value());
            return y.square().sum().add(y.sin().sum());
        }
    }

    @TestFactory
    Stream<DynamicTest> compiledStepsHaveTheSameBits() {
        return OptimizerSamples.all().stream().flatMap(sample -> Stream.of(DType.F32, DType.F64)
                .map(dtype -> dynamicTest(sample + " in " + dtype, () -> check(sample, dtype))));
    }

    private static void check(OptimizerSample sample, DType dtype) {
        Model plainModel = Model.random(dtype);
        Model model = Model.random(dtype);
        Steps plain = Steps.eager(plainModel, sample.make().over(plainModel), (in, _) -> plainModel.loss(in));
        Steps compiled = Steps.eager(model, sample.make().over(model), (in, _) -> model.loss(in)).compiled();
        for (int t = 0; t < STEPS; t++) {
            Tensor x = Rng.seed(3).stream(t).normal(Shape.of(2), dtype);
            assertTrue(plain.step(t, x, x).sameBits(compiled.step(t, x, x)), "the loss of step " + t);
            assertSame(plain, compiled, "a step");
        }
    }

    /** A program that updates a variable in place has to move it once its value was read. */
    @TestFactory
    Stream<DynamicTest> withoutAveragesAValidationMovesNoParameter() {
        return OptimizerSamples.all().stream().map(sample -> dynamicTest(sample.toString(), () -> {
            Model model = Model.random(DType.F32);
            Optimizer optimizer = sample.make().over(model);
            Steps steps = Steps.eager(model, optimizer, (in, _) -> model.loss(in)).compiled();
            Program judged = Program.compile((Tensor x) -> model.loss(x));
            Tensor x = Tensor.ones(2);
            steps.step(0, x, x);
            steps.step(1, x, x);
            List<Array> held = optimizer.trained().stream().map(Internals::held).toList();
            Tensor found = optimizer.withAverages(() -> judged.apply(x));
            steps.step(2, x, x);
            boolean isMoved = !held.equals(optimizer.trained().stream().map(Internals::held).toList());
            List<Tensor> averages = optimizer.averages();
            assertEquals(!averages.equals(Values.of(optimizer.trained())), isMoved);
            assertTrue(optimizer.withAverages(() -> judged.apply(x)).sameBits(
                    Values.during(optimizer.trained(), averages, () -> judged.apply(x))));
            assertTrue(found.isFinite().all().toBooleans()[0]);
        }));
    }

    /** A model in training; an optimizer that wants to know the curvature learns it every few steps. */
    private record Steps(Module model, Optimizer optimizer, boolean learns,
            Function<List<Tensor>, List<Tensor>> estimate, Function<List<Tensor>, List<Tensor>> minimize) {
        static Steps eager(Module model, Optimizer optimizer, BinaryOperator<Tensor> loss) {
            return new Steps(model, optimizer, optimizer.learnsCurvature(), in -> {
                optimizer.learn(Curvature.hutchinson(() -> loss.apply(in.get(0), in.get(1)), in.get(2)));
                return List.of(in.get(2));
            }, in -> List.of(optimizer.minimize(() -> loss.apply(in.get(0), in.get(1)))));
        }

        Steps compiled() {
            Program learning = Program.compileAll(estimate);
            Program step = Program.compileAll(minimize);
            return new Steps(model, optimizer, learns, in -> learning.applyAll(in.toArray(Tensor[]::new)),
                    in -> step.applyAll(in.toArray(Tensor[]::new)));
        }

        Tensor step(int t, Tensor x, Tensor y) {
            if (learns && t % LEARNED == 0) {
                estimate.apply(List.of(x, y, Rng.seed(8).stream(t).key()));
            }
            return minimize.apply(List.of(x, y)).getFirst();
        }
    }

    private static void assertSame(Steps some, Steps others, String after) {
        Map<String, Variable> found = variables(others.model, others.optimizer);
        variables(some.model, some.optimizer).forEach((path, variable) -> assertTrue(
                variable.value().sameBits(found.get(path).value()), () -> path + " after " + after + ": "
                        + variable.value() + " but compiled " + found.get(path).value()));
    }

    /** Of either dtype, and large enough for two threads to share the work. */
    private record Wide(Variable hidden, Variable bias, Variable out) implements Module {
        static Wide random(DType dtype) {
            return new Wide(Variable.parameter(Rng.seed(1).normal(Shape.of(40, 300), dtype).mul(0.2)),
                    Variable.parameter(Tensor.zeros(Shape.of(300), dtype)),
                    Variable.parameter(Rng.seed(2).normal(Shape.of(300, 1), dtype).mul(0.1)));
        }

        Tensor loss(Tensor x, Tensor y) {
            Tensor activation = x.matmul(hidden.value()).add(bias.value()).tanh();
            return activation.matmul(out.value()).sub(y).square().mean();
        }
    }

    /** Large enough for two threads to share the work. */
    private record Task(String name, Supplier<Layer> model, Shape input) {
        private static final int BATCH = 64;
        private static final int CLASSES = 5;

        static List<Task> all() {
            return List.of(
                    new Task("perceptron", () -> Sequential.of(Linear.of(40, 300, Rng.seed(1)), BatchNorm.of1d(300),
                            Activation.RELU, Dropout.of(0.2, Rng.seed(2)), Linear.of(300, CLASSES, Rng.seed(3))),
                            Shape.of(BATCH, 40)),
                    new Task("convolution",
                            () -> Sequential.of(Convolution.Config.of(1, 6, 3, 3).create(Rng.seed(1)), Activation.TANH,
                                    new Flatten(1, -1), Linear.of(6 * 36, CLASSES, Rng.seed(2))),
                            Shape.of(BATCH, 1, 8, 8)),
                    new Task("recurrent", Recurrent::make, Shape.of(BATCH, 4, 6)));
        }

        private record Recurrent(Gru gru, LayerNorm norm, Linear head) implements Layer {
            static Layer make() {
                return new Recurrent(Gru.of(6, 20, Rng.seed(1)), LayerNorm.of(20), Linear.of(20, CLASSES, Rng.seed(2)));
            }

            @Override
            public Tensor forward(Tensor x) {
                return head.forward(norm.forward(gru.forward(x).output().mean(1)));
            }
        }

        Map<String, Tensor> trained(Transformation recipe, int threads, UnaryOperator<Steps> way) {
            Layer layer = model.get();
            return Threads.limit(threads, () -> {
                Steps steps = way.apply(Steps.eager(layer, recipe.over(layer),
                        (x, y) -> Losses.crossEntropy(layer.forward(x), y)));
                Map<String, Tensor> ends = new LinkedHashMap<>();
                for (int t = 0; t < STEPS; t++) {
                    Tensor x = Rng.seed(5).stream(t).normal(input, DType.F32);
                    Tensor y = Rng.seed(6).stream(t).uniform(Shape.of(BATCH), DType.F32).mul(CLASSES).cast(DType.I64);
                    ends.put("loss of step " + t, steps.step(t, x, y));
                }
                variables(layer, steps.optimizer).forEach((path, variable) -> ends.put(path, variable.value()));
                return ends;
            });
        }
    }

    @TestFactory
    Stream<DynamicTest> aHundredStepsOfModulesAreTheSameOnOneAndTwoThreads() {
        return Stream.of(new Training("perceptron", Sophia.of(2e-3)), new Training("perceptron", Sam.of(Sgd.of(0.05))),
                new Training("convolution", AdamW.of(3e-3)), new Training("recurrent", Sgd.of(0.05).withNesterov(0.9)))
                .map(training -> dynamicTest(training.toString(), () -> {
                    Task task = Task.all().stream().filter(one -> one.name.equals(training.task)).findFirst()
                            .orElseThrow();
                    Map<String, Tensor> eager = task.trained(training.recipe, 1, way -> way);
                    for (int threads = 1; threads <= 2; threads++) {
                        Map<String, Tensor> compiled = task.trained(training.recipe, threads, Steps::compiled);
                        assertEquals(eager.keySet(), compiled.keySet());
                        eager.forEach((name, value) -> assertTrue(value.sameBits(compiled.get(name)), name));
                    }
                }));
    }

    private record Training(String task, Transformation recipe) {}

    @TestFactory
    Stream<DynamicTest> soDoThoseOfLbfgs() {
        return Stream
                .of(Lbfgs.of(0.5).withIterations(2).withHistory(3),
                        Lbfgs.of(0.5).withStrongWolfe().withIterations(3).withHistory(3))
                .flatMap(form -> Stream.of(DType.F32, DType.F64).map(
                        dtype -> dynamicTest(form.search() + " in " + dtype, () -> checkLbfgs(form, dtype))));
    }

    private static void checkLbfgs(Lbfgs form, DType dtype) {
        Map<String, Tensor> eager = Threads.limit(1, () -> lbfgs(form, dtype, CompiledStepTest::eagerly));
        for (int threads = 1; threads <= 2; threads++) {
            List<Map<String, Tensor>> others = Threads.limit(threads,
                    () -> List.of(lbfgs(form, dtype, CompiledStepTest::eagerly),
                            lbfgs(form, dtype, (optimizer, loss) -> optimizer.compile(loss)::minimize)));
            for (Map<String, Tensor> other : others) {
                assertEquals(eager.keySet(), other.keySet());
                other.forEach((path, value) -> assertTrue(value.sameBits(eager.get(path)), path));
            }
        }
    }

    @FunctionalInterface
    private interface LbfgsSteps {
        Tensor minimize(Tensor... inputs);
    }

    private static LbfgsSteps eagerly(LbfgsOptimizer optimizer, Function<List<Tensor>, Tensor> loss) {
        return inputs -> optimizer.minimize(() -> loss.apply(List.of(inputs)));
    }

    @FunctionalInterface
    private interface LbfgsWay {
        LbfgsSteps of(LbfgsOptimizer optimizer, Function<List<Tensor>, Tensor> loss);
    }

    private static Map<String, Tensor> lbfgs(Lbfgs form, DType dtype, LbfgsWay way) {
        Wide model = Wide.random(dtype);
        LbfgsOptimizer optimizer = form.over(model);
        LbfgsSteps steps = way.of(optimizer, in -> model.loss(in.get(0), in.get(1)));
        Map<String, Tensor> ends = new LinkedHashMap<>();
        for (int t = 0; t < STEPS; t++) {
            // other data than in the steps before, or it would soon be done
            Tensor x = Rng.seed(5).stream(t).normal(Shape.of(64, 40), dtype);
            Tensor y = Rng.seed(6).stream(t).normal(Shape.of(64, 1), dtype);
            ends.put("loss of step " + t, steps.minimize(x, y));
        }
        model.variables().forEach((path, variable) -> ends.put(path, variable.value()));
        optimizer.variables().forEach((path, variable) -> ends.put("optimizer." + path, variable.value()));
        return ends;
    }

    /** Its steps look at the loss to find out how many evaluations they need, so they are no program as a whole, and say so. */
    @Test
    void aWholeStepOfLbfgsIsNoProgram() {
        Model model = Model.random(DType.F32);
        LbfgsOptimizer optimizer = Lbfgs.of(1).over(model);
        Program step = Program.compile((Tensor x) -> optimizer.minimize(() -> model.loss(x)));
        RuntimeException refused = assertThrows(RuntimeException.class, () -> step.apply(Tensor.ones(2)));
        assertTrue(refused.getMessage().startsWith("trace: a tensor without a value is read"), refused.getMessage());
    }

    private static Map<String, Variable> variables(Module model, Optimizer optimizer) {
        Map<String, Variable> variables = new LinkedHashMap<>(model.variables());
        variables.putAll(optimizer.variables());
        return variables;
    }
}
