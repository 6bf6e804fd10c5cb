package io.adjoint.serialization.onnx;

import static io.adjoint.serialization.onnx.Closeness.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.samples.Draw;
import io.adjoint.nn.samples.ModuleSample;
import io.adjoint.nn.samples.ModuleSampler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** Random modules come back from a file with their results and their gradients, and still agree when both are changed alike. */
class RandomModuleRoundTripTest {
    private Path file;

    @BeforeProperty
    void createFile() throws IOException {
        file = Files.createTempFile("module", ".onnx");
    }

    @AfterProperty
    void deleteFile() throws IOException {
        Files.delete(file);
    }

    @Provide
    Arbitrary<ModuleSampler> kinds() {
        return Arbitraries.of(ModuleExportTest.samplers().toList());
    }

    // A seed that is near another draws something else, so there is nothing to shrink.
    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void comeBack(@ForAll("kinds") ModuleSampler kind, @ForAll @LongRange(min = 0) long seed) {
        roundTrip(kind, seed);
    }

    @Property(generation = GenerationMode.EXHAUSTIVE, shrinking = ShrinkingMode.OFF)
    void everyKindComesBack(@ForAll("kinds") ModuleSampler kind) {
        roundTrip(kind, 0);
        roundTrip(kind, 1);
    }

    // Sums are added in another order, and an epsilon of a normalisation is a float in the file.
    private void roundTrip(ModuleSampler kind, long seed) {
        ModuleSample sample = kind.draw().apply(new Draw(seed, DType.F64));
        OnnxModel model = Onnx.load(ModuleExportTest.export(sample, file));
        Tensor result = sample.forward().apply(sample.inputs());
        String what = "seed " + seed + ", " + sample.module();
        assertClose(result, model.forwardAll(sample.inputs()).getFirst(), 1e-6, what);
        assertAllClose(byInputs(sample.forward(), sample.inputs()), byInputs(of(model), sample.inputs()), what);
        Map<String, Variable> variables = sample.module().variables();
        // A function may use variables that are not in its module; they have no paths.
        List<String> shared = model.variables().keySet().stream().filter(variables::containsKey).toList();
        if (isTheSameInTraining(sample, result)) {
            List<String> names = shared.stream()
                    .filter(name -> variables.get(name).kind() == Variable.Kind.PARAMETER).toList();
            assertAllClose(byVariables(sample.forward(), sample.inputs(), names, variables),
                    byVariables(of(model), sample.inputs(), names, model.variables()), what + " by " + names);
        }
        for (String name : shared) {
            Tensor changed = variables.get(name).value().mul(0.9).add(0.01);
            variables.get(name).set(changed);
            model.variables().get(name).set(changed);
        }
        assertClose(sample.forward().apply(sample.inputs()), model.forwardAll(sample.inputs()).getFirst(), 1e-6,
                "after a change of " + shared + ", " + what);
    }

    private static boolean isTheSameInTraining(ModuleSample sample, Tensor result) {
        return Training.scope(() -> sample.forward().apply(sample.inputs()).detached()).sameBits(result);
    }

    private static Function<List<Tensor>, Tensor> of(OnnxModel model) {
        return in -> model.forwardAll(in).getFirst();
    }

    private static void assertAllClose(List<Tensor> expected, List<Tensor> found, String what) {
        assertEquals(expected.size(), found.size());
        for (int i = 0; i < expected.size(); i++) {
            assertClose(expected.get(i), found.get(i), 1e-5, "gradient " + i + " of " + what);
        }
    }

    private static List<Tensor> byInputs(Function<List<Tensor>, Tensor> function, List<Tensor> inputs) {
        List<Tensor> tracked = inputs.stream().map(x -> x.dtype().isFloat() ? x.tracked() : x).toList();
        Tensor result = function.apply(tracked);
        Tensor[] floats = tracked.stream().filter(x -> x.dtype().isFloat()).toArray(Tensor[]::new);
        return !result.dtype().isFloat() || floats.length == 0 ? List.of() : loss(result).gradients(floats).values();
    }

    private static List<Tensor> byVariables(Function<List<Tensor>, Tensor> function, List<Tensor> inputs,
            List<String> names, Map<String, Variable> variables) {
        return Training.scope(() -> {
            Tensor result = function.apply(inputs);
            return !result.dtype().isFloat() || names.isEmpty() ? List.of()
                    : loss(result).gradients(names.stream().map(variables::get).toList()).values();
        });
    }

    private static Tensor loss(Tensor result) {
        return result.mul(Rng.seed(3).normal(result.shape(), result.dtype())).sum();
    }
}
