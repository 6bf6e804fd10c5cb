package io.adjoint.serialization.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TraceException;
import io.adjoint.serialization.onnx.graph.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The source that is written for a model compiles, and computes the same bits. */
class JavaExportReferenceTest {
    /** How many results these have depends on what all of the inputs hold. */
    private static final Set<String> OPEN = Set.of("nonmaxsuppression", "unique");

    /** Scales, extents, bounds of a range. */
    private static final int FEW = 8;

    @TempDir
    private static Path folder;

    private record Exported(OnnxCase oneCase, OnnxModel model, String name, Set<Integer> fixed) {
        void check(ClassLoader loader) throws ReflectiveOperationException {
            List<Value> inputs = oneCase.values("input");
            List<Tensor> results = ExportedSource.load(loader, folder, name)
                    .forward(IntStream.range(0, inputs.size()).filter(i -> !fixed.contains(i))
                            .mapToObj(i -> inputs.get(i).tensor()).toList());
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
        ClassLoader loader = ExportedSource.compile(folder, exported.stream().map(Exported::name).toList());
        return exported.stream()
                .map(one -> DynamicTest.dynamicTest(one.oneCase().toString(), () -> one.check(loader)));
    }

    /** What decides the graph is fixed where it has to be; nothing for a case without a shape even then. */
    private static Optional<Exported> export(OnnxCase oneCase, String name) {
        OnnxModel model = oneCase.model();
        JavaExport export = JavaExport.of(model).named(name);
        List<Value> inputs = oneCase.values("input");
        for (int i = 0; i < inputs.size(); i++) {
            export = export.shape(model.inputs().get(i).name(), inputs.get(i).tensor().shape().dims());
        }
        try {
            export.write(folder);
            return Optional.of(new Exported(oneCase, model, name, Set.of()));
        } catch (TraceException _) {
            return export(oneCase, export, model, name);
        }
    }

    private static Optional<Exported> export(OnnxCase oneCase, JavaExport open, OnnxModel model, String name) {
        JavaExport export = open;
        Set<Integer> fixed = new HashSet<>();
        List<Value> inputs = oneCase.values("input");
        for (int i = 0; i < inputs.size(); i++) {
            Tensor value = inputs.get(i).tensor();
            if (!value.dtype().isFloat() || value.rank() < 2 && value.size() <= FEW) {
                fixed.add(i);
                export = export.fixed(model.inputs().get(i).name(), value);
            }
        }
        try {
            export.write(folder);
            return Optional.of(new Exported(oneCase, model, name, fixed));
        } catch (TraceException e) {
            assertTrue(OPEN.stream().anyMatch(oneCase.toString()::contains), () -> oneCase + ": " + e.getMessage());
            return Optional.empty();
        }
    }
}
