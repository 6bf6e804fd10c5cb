package io.adjoint.optim;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Threads;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.check.FiniteCheck;
import io.adjoint.nn.Module;
import io.adjoint.optim.samples.OptimizerSample;
import io.adjoint.optim.samples.OptimizerSamples;
import io.adjoint.optim.transform.Accumulate;
import io.adjoint.optim.transform.SkipNonFinite;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.LongRange;

/** What holds for every optimizer and every transformation. */
class OptimizerLawTest {
    private record Model(Variable matrix, Variable vector) implements Module {
        static Model random(Rng rng, DType dtype, int rows, int columns) {
            return new Model(Variable.parameter(rng.stream(0).normal(Shape.of(rows, columns), dtype)),
                    Variable.parameter(rng.stream(1).normal(Shape.of(rows), dtype)));
        }

        List<Tensor> tensors() {
            return List.of(matrix.value(), vector.value());
        }

        Model copy() {
            return new Model(Variable.parameter(matrix.value()), Variable.parameter(vector.value()));
        }
    }

    private static Rng rng(long seed) {
        return Rng.seed(seed);
    }

    @Example
    void everyTransformationHasASample() throws IOException, URISyntaxException {
        Set<String> missing = new TreeSet<>();
        Set<Class<?>> sampled = OptimizerSamples.all().stream().map(OptimizerSample::type).collect(Collectors.toSet());
        Path classes = Path.of(Optimizer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                String name = classes.relativize(file).toString().replace(file.getFileSystem().getSeparator(), ".");
                if (name.endsWith("-info.class")) {
                    continue;
                }
                Class<?> type = load(name.substring(0, name.length() - ".class".length()));
                if (Modifier.isPublic(type.getModifiers()) && Transformation.class.isAssignableFrom(type)
                        && !Modifier.isAbstract(type.getModifiers()) && !sampled.contains(type)) {
                    missing.add(type.getName());
                }
            }
        }
        assertEquals(Set.of(), missing, "transformations without a sample");
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, Optimizer.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    @Property(tries = 1, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void oneAndTwoThreadsMakeTheSameBitsEagerlyAndCompiled(@ForAll @LongRange(min = 0) long seed) {
        // threads share the work from 131,072 elements on; Shampoo's eigenvectors take too long for so many
        Map<DType, List<Model>> large = Map.of(DType.F32, steps(seed, DType.F32, 300, 500), DType.F64,
                steps(seed, DType.F64, 300, 500));
        long turn = seed; // half of the samples in each dtype, others with another seed
        for (OptimizerSample sample : OptimizerSamples.all()) {
            DType dtype = turn++ % 2 == 0 ? DType.F32 : DType.F64;
            List<Model> drawn = sample.type() == Shampoo.class ? steps(seed, dtype, 40, 600) : large.get(dtype);
            Map<String, Tensor> one = Threads.limit(1, () -> afterSteps(sample, drawn, step -> step));
            Map<String, Tensor> two = Threads.limit(2, () -> afterSteps(sample, drawn, step -> step));
            Map<String, Tensor> compiled = Threads.limit(2, () -> afterSteps(sample, drawn,
                    OptimizerLawTest::compiled));
            assertEquals(one.keySet(), two.keySet());
            one.forEach((path, value) -> {
                assertTrue(value.sameBits(two.get(path)), sample + " in " + dtype + ": " + path);
                assertTrue(value.sameBits(compiled.get(path)), sample + " in " + dtype + ", compiled: " + path);
            });
        }
    }

    private static UnaryOperator<List<Tensor>> compiled(UnaryOperator<List<Tensor>> step) {
        Program program = Program.compileAll(step);
        return in -> program.applyAll(in.toArray(Tensor[]::new));
    }

    /** The gradients of so many steps that RAdam divides, Lookahead has looked ahead and averages have begun; then the start. */
    private static List<Model> steps(long seed, DType dtype, int rows, int columns) {
        return IntStream.range(0, 8).mapToObj(t -> Model.random(rng(seed).stream(t), dtype, rows, columns)).toList();
    }

    private static Map<String, Tensor> afterSteps(OptimizerSample sample, List<Model> drawn,
            UnaryOperator<UnaryOperator<List<Tensor>>> way) {
        Model model = drawn.getLast().copy();
        Optimizer optimizer = sample.make().over(model);
        if (optimizer.learnsCurvature()) {
            List<Tensor> curvature = drawn.getFirst().tensors().stream().map(Tensor::square).toList();
            optimizer.learn(_ -> curvature);
        }
        UnaryOperator<List<Tensor>> step = way.apply(gradients -> {
            optimizer.step(gradients);
            return gradients;
        });
        for (Model gradients : drawn.subList(0, drawn.size() - 1)) {
            step.apply(gradients.tensors());
        }
        Map<String, Tensor> values = values(optimizer);
        values.put("matrix", model.matrix.value());
        values.put("vector", model.vector.value());
        return values;
    }

    private static List<Tensor> gradients(Model model, Rng rng) {
        return Model.random(rng, model.matrix.spec().dtype(), model.matrix.spec().shape().dim(0),
                model.matrix.spec().shape().dim(1)).tensors();
    }

    private static Map<String, Tensor> values(Module module) {
        return module.variables().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().value()));
    }

    @Property(tries = 2, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void aCopyOfTheStateGoesOnWithTheSameBits(@ForAll @LongRange(min = 0) long seed) {
        for (OptimizerSample sample : OptimizerSamples.all()) {
            Model model = Model.random(rng(seed), DType.F32, 3, 2);
            Optimizer optimizer = sample.make().over(model);
            steps(optimizer, model, seed, 0, 4);
            Model copy = model.copy();
            Optimizer resumed = sample.make().over(copy);
            Map<String, Tensor> saved = values(optimizer);
            assertEquals(saved.keySet(), resumed.variables().keySet());
            resumed.variables().forEach((path, variable) -> variable.set(saved.get(path)));
            steps(optimizer, model, seed, 4, 9);
            steps(resumed, copy, seed, 4, 9);
            assertTrue(model.matrix.value().sameBits(copy.matrix.value()), sample + ": matrix");
            assertTrue(model.vector.value().sameBits(copy.vector.value()), sample + ": vector");
            values(optimizer).forEach((path, value) -> assertTrue(
                    value.sameBits(resumed.variables().get(path).value()), sample + ": " + path));
        }
    }

    private static void steps(Optimizer optimizer, Model model, long seed, int from, int to) {
        for (int t = from; t < to; t++) {
            optimizer.step(gradients(model, rng(seed).stream(t + 7)));
        }
    }

    /** A gate that has not opened yet is before the first step too. */
    @Property(tries = 1, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void averagesBeforeTheFirstStepAreTheParameters(@ForAll @LongRange(min = 0) long seed) {
        List<Tensor> broken = List.of(Tensor.full(Shape.of(3, 2), DType.F32, Double.NaN), Tensor.zeros(3));
        for (OptimizerSample sample : OptimizerSamples.all()) {
            Model model = Model.random(rng(seed), DType.F32, 3, 2);
            Optimizer accumulating = new Accumulate(5, sample.make()).over(model);
            steps(accumulating, model, seed, 0, 4);
            Optimizer skipping = new SkipNonFinite(sample.make()).over(model);
            skipping.step(broken);
            for (Optimizer optimizer : List.of(sample.make().over(model), accumulating, skipping)) {
                List<Tensor> averages = optimizer.averages();
                assertTrue(averages.get(0).sameBits(model.matrix.value()), sample + ": matrix");
                assertTrue(averages.get(1).sameBits(model.vector.value()), sample + ": vector");
            }
        }
    }

    /** A NaN in what is thrown away would be blamed for one of the data. */
    @Property(tries = 2, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void noOperationOfAStepMakesANaN(@ForAll @LongRange(min = 0) long seed) {
        for (OptimizerSample sample : OptimizerSamples.all()) {
            Model model = Model.random(rng(seed), DType.F32, 3, 2);
            Optimizer optimizer = sample.make().over(model);
            for (int t = 0; t < 12; t++) {
                List<Tensor> gradients = gradients(model, rng(seed).stream(t + 7));
                assertDoesNotThrow(() -> FiniteCheck.noNan(() -> {
                    optimizer.step(gradients);
                    return optimizer.averages();
                }), sample + " in step " + (t + 1));
            }
        }
    }

    @Example
    void aStepWithoutGradientKeepsEverythingFinite() {
        for (OptimizerSample sample : OptimizerSamples.all()) {
            Model model = new Model(Variable.parameter(Tensor.zeros(3, 2)), Variable.parameter(Tensor.zeros(3)));
            Optimizer optimizer = sample.make().over(model);
            for (int t = 0; t < 3; t++) {
                assertDoesNotThrow(() -> FiniteCheck.noNan(() -> {
                    optimizer.step(List.of(Tensor.zeros(3, 2), Tensor.zeros(3)));
                    return optimizer.averages();
                }), sample::toString);
            }
            assertTrue(model.matrix.value().isFinite().all().toBooleans()[0], sample + ": matrix");
            assertTrue(model.vector.value().isFinite().all().toBooleans()[0], sample + ": vector");
        }
    }
}
