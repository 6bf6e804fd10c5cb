package io.adjoint.serialization.onnx;

import static io.adjoint.serialization.onnx.Closeness.assertClose;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ai.onnxruntime.OrtException;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Gradients;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.Catalogue;
import io.adjoint.autodiff.op.Sample;
import io.adjoint.autodiff.op.Sampler;
import io.adjoint.nn.Module;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every operation there is runs in ONNX Runtime, and here again, with our results. */
class CatalogueExportTest {
    private static final int SAMPLES = Integer.getInteger("onnx.samples", 4);
    private static final double TOLERANCE = 1e-5;

    /** What ONNX Runtime does in single precision throughout: a transform of 28 elements is 2e-4 off, and ours is not. */
    private static final double COARSE = 1e-3;
    private static final Set<String> COARSELY = Set.of("dft");

    @TempDir
    private Path folder;

    private record Nothing() implements Module {
        @Override
        public SequencedMap<String, Object> parts() {
            return new LinkedHashMap<>();
        }
    }

    @TestFactory
    Stream<DynamicTest> everyOperation() {
        return Catalogue.entries().stream()
                .map(entry -> dynamicTest(entry.id(), () -> {
                    for (int seed = 0; seed < SAMPLES; seed++) {
                        check(entry, entry.sample(new Sampler(seed, DType.F32)), seed);
                    }
                }));
    }

    // In double precision, which ONNX Runtime has for few operations.
    @TestFactory
    Stream<DynamicTest> everyOperationComesBack() {
        return Catalogue.entries().stream()
                .map(entry -> dynamicTest(entry.id(), () -> {
                    for (int seed = 0; seed < SAMPLES; seed++) {
                        Sample sample = entry.sample(new Sampler(seed, DType.F64));
                        Path file = folder.resolve("sample.onnx");
                        export(sample).write(file);
                        for (OnnxModel model : List.of(Onnx.load(file), OtherReaders.load(file))) {
                            assertClose(sample.apply(sample.inputs()), model.forwardAll(sample.inputs()).getFirst(),
                                    1e-8, "seed " + seed + ", " + sample);
                        }
                    }
                }));
    }

    static OnnxExport export(Sample sample) {
        OnnxExport export = OnnxExport.of(new Nothing(), in -> List.of(sample.apply(in))).output("result");
        for (int i = 0; i < sample.inputs().size(); i++) {
            export = export.input("x" + i, sample.inputs().get(i).spec());
        }
        return export;
    }

    private void check(Catalogue.Entry entry, Sample sample, int seed) throws OrtException {
        Path file = folder.resolve("sample.onnx");
        OnnxExport export = export(sample);
        String what = "seed " + seed + ", " + sample;
        Tensor expected = sample.apply(sample.inputs());
        export.write(file);
        if (COARSELY.contains(entry.id())) {
            List<Tensor> exact = sample.inputs().stream().map(x -> x.cast(DType.F64)).toList();
            assertClose(sample.apply(exact).cast(DType.F32), expected, TOLERANCE, what);
        }
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            assertClose(expected, runtime.run(sample.inputs()).getFirst(),
                    COARSELY.contains(entry.id()) ? COARSE : TOLERANCE, what);
        } catch (OrtException e) {
            fail(what + ": " + e.getMessage(), e);
        }
    }
}
