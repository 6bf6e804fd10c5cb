package io.adjoint.serialization.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TraceException;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.onnx.graph.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The source that is written for a model compiles, and computes the same bits. */
class JavaExportReferenceTest {
    @TempDir
    private static Path folder;

    private record Exported(OnnxCase oneCase, OnnxModel model, String name) {
        void check(ClassLoader loader) throws ReflectiveOperationException {
            List<Value> inputs = oneCase.values("input");
            List<Tensor> results = ExportedSource.load(loader, folder, name)
                    .forward(inputs.stream().map(Value::tensor).toList());
            List<Value> expected = model.compute(inputs);
            assertEquals(expected.size(), results.size());
            for (int i = 0; i < expected.size(); i++) {
                int output = i;
                assertTrue(expected.get(i).tensor().sameBits(results.get(i)), () -> "output " + output);
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> cases() throws IOException {
        List<Exported> exported = new ArrayList<>();
        for (OnnxCase oneCase : OnnxCase.all()) {
            export(oneCase, "Case" + exported.size()).ifPresent(exported::add);
        }
        assertTrue(exported.size() > 0.7 * OnnxCase.all().size(), "most have no source: " + exported.size());
        ClassLoader loader = ExportedSource.compile(folder, exported.stream().map(Exported::name).toList());
        return exported.stream()
                .map(one -> DynamicTest.dynamicTest(one.oneCase().toString(), () -> one.check(loader)));
    }

    /** Nothing for a case whose graph depends on values: it cannot be traced. */
    private static Optional<Exported> export(OnnxCase oneCase, String name) {
        OnnxModel model = oneCase.model();
        JavaExport export = JavaExport.of(model).named(name);
        List<Value> inputs = oneCase.values("input");
        for (int i = 0; i < inputs.size(); i++) {
            export = export.shape(model.inputs().get(i).name(), inputs.get(i).tensor().shape().dims());
        }
        try {
            export.write(folder);
            return Optional.of(new Exported(oneCase, model, name));
        } catch (TraceException _) {
            return Optional.empty();
        } catch (ModelFileException e) {
            assertTrue(e.getMessage().contains("operations that have no source"), e.getMessage());
            return Optional.empty();
        }
    }
}
