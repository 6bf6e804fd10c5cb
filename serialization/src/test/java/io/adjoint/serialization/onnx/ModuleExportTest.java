package io.adjoint.serialization.onnx;

import static io.adjoint.serialization.onnx.Closeness.assertClose;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.adjoint.autodiff.DType;
import io.adjoint.nn.samples.Draw;
import io.adjoint.nn.samples.ModuleSample;
import io.adjoint.nn.samples.ModuleSampler;
import io.adjoint.nn.samples.ModuleSamplers;
import io.adjoint.nn.spatial.FractionalMaxPool;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Modules of every kind: ONNX Runtime computes what they compute. */
class ModuleExportTest {
    private static final int SAMPLES = Integer.getInteger("onnx.samples", 2);

    @TempDir
    private Path folder;

    /** Fractional pooling draws where its windows begin. */
    static Stream<ModuleSampler> samplers() {
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

    static Path export(ModuleSample sample, Path file) {
        OnnxExport export = OnnxExport.of(sample.module(), in -> List.of(sample.forward().apply(in)));
        for (int i = 0; i < sample.inputs().size(); i++) {
            export = export.input("x" + i, sample.inputs().get(i).spec());
        }
        export.write(file);
        return file;
    }
}
