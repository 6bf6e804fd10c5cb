package io.adjoint.serialization.onnx;

import static io.adjoint.serialization.onnx.Closeness.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.samples.Draw;
import io.adjoint.nn.samples.ModuleSample;
import io.adjoint.nn.samples.ModuleSampler;
import io.adjoint.nn.samples.ModuleSamplers;
import io.adjoint.nn.spatial.FractionalMaxPool;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Modules of every kind: ONNX Runtime computes what they compute, and what comes back computes it with the same gradients. */
class ModuleExportTest {
    private static final int SAMPLES = Integer.getInteger("onnx.samples", 2);

    @TempDir
    private Path folder;

    /** Fractional pooling draws where its windows begin. */
    private static Stream<ModuleSampler> samplers() {
        return ModuleSamplers.all().stream().filter(sampler -> sampler.type() != FractionalMaxPool.class);
    }

    @TestFactory
    Stream<DynamicTest> runInOnnxRuntime() {
        return samplers().map(sampler -> dynamicTest(sampler.toString(), () -> {
            for (int seed = 0; seed < SAMPLES; seed++) {
                ModuleSample sample = sampler.draw().apply(new Draw(seed, DType.F32));
                Path file = export(sample, folder.resolve("module.onnx"));
                try (OnnxRuntime runtime = new OnnxRuntime(file)) {
                    assertClose(sample.forward().apply(sample.inputs()), runtime.run(sample.inputs()).getFirst(), 1e-4,
                            "seed " + seed + ", " + sample.module());
                }
            }
        }));
    }

    private static Path export(ModuleSample sample, Path file) {
        OnnxExport export = OnnxExport.of(sample.module(), in -> List.of(sample.forward().apply(in)));
        for (int i = 0; i < sample.inputs().size(); i++) {
            export = export.input("x" + i, sample.inputs().get(i).spec());
        }
        export.write(file);
        return file;
    }

    @TestFactory
    Stream<DynamicTest> comeBack() {
        return samplers().map(sampler -> dynamicTest(sampler.toString(), () -> {
            for (int seed = 0; seed < SAMPLES; seed++) {
                roundTrip(sampler.draw().apply(new Draw(seed, DType.F64)), folder.resolve("module.onnx"));
            }
        }));
    }

    // Sums are added in another order, and an epsilon of a normalisation is a float in the file.
    private static void roundTrip(ModuleSample sample, Path file) {
        OnnxModel model = Onnx.load(export(sample, file));
        Tensor result = sample.forward().apply(sample.inputs());
        String what = sample.module().toString();
        assertClose(result, model.forwardAll(sample.inputs()).getFirst(), 1e-6, what);
        assertAllClose(byInputs(sample.forward(), sample.inputs()), byInputs(of(model), sample.inputs()), what);
        if (isTheSameInTraining(sample, result)) {
            List<String> names = model.variables().keySet().stream()
                    .filter(name -> isParameter(sample.module().variables().get(name))).toList();
            assertAllClose(byVariables(sample.forward(), sample.inputs(), names, sample.module().variables()),
                    byVariables(of(model), sample.inputs(), names, model.variables()), what + " by " + names);
        }
    }

    /** A function may use variables that are not in its module; they have no paths. */
    private static boolean isParameter(Variable variable) {
        return variable != null && variable.kind() == Variable.Kind.PARAMETER;
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
