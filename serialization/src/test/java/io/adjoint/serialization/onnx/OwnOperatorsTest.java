package io.adjoint.serialization.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.Catalogue;
import io.adjoint.autodiff.op.MatrixExp;
import io.adjoint.autodiff.op.Sample;
import io.adjoint.autodiff.op.Sampler;
import io.adjoint.nn.Layer;
import io.adjoint.serialization.onnx.proto.ModelProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What comes back from a file goes on as any function does: it compiles, is exported again and written as Java. */
class OwnOperatorsTest {
    @TempDir
    private Path folder;

    private Path export(Sample sample) {
        Path file = folder.resolve("sample.onnx");
        CatalogueExportTest.export(sample).write(file);
        return file;
    }

    private static void assertSameBits(Tensor expected, Tensor found, String what) {
        assertTrue(expected.sameBits(found), () -> what + ": " + expected + " but " + found);
    }

    @TestFactory
    Stream<DynamicTest> everyOperationCompilesAndIsExportedAgain() {
        return Catalogue.entries().stream().map(entry -> dynamicTest(entry.id(), () -> {
            for (DType dtype : List.of(DType.F32, DType.F64)) {
                Sample sample = entry.sample(new Sampler(1, dtype));
                OnnxModel model = Onnx.load(export(sample));
                Tensor expected = model.forwardAll(sample.inputs()).getFirst();
                assertSameBits(expected,
                        Program.compileAll(model::forwardAll).applyAll(sample.inputs().toArray(Tensor[]::new))
                                .getFirst(),
                        sample + " compiled");
                Path again = folder.resolve("again.onnx");
                OnnxExport export = OnnxExport.of(model, model::forwardAll);
                for (int i = 0; i < sample.inputs().size(); i++) {
                    export = export.input("x" + i, sample.inputs().get(i).spec());
                }
                export.write(again);
                Closeness.assertClose(expected, Onnx.load(again).forwardAll(sample.inputs()).getFirst(),
                        dtype == DType.F64 ? 1e-8 : 1e-6,
                        sample + " exported again");
            }
        }));
    }

    /** All sources are compiled at once. */
    @Test
    void everyOperationIsWrittenAsJava() throws Exception {
        List<Sample> samples = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<Tensor> expected = new ArrayList<>();
        for (Catalogue.Entry entry : Catalogue.entries()) {
            Sample sample = entry.sample(new Sampler(2, DType.F64));
            OnnxModel model = Onnx.load(export(sample));
            samples.add(sample);
            names.add("Of" + entry.id().substring(0, 1).toUpperCase(Locale.ROOT) + entry.id().substring(1));
            expected.add(model.forwardAll(sample.inputs()).getFirst());
            JavaExport.of(model).named(names.getLast()).write(folder);
        }
        ClassLoader loader = ExportedSource.compile(folder, names);
        for (int i = 0; i < samples.size(); i++) {
            ExportedSource source = ExportedSource.load(loader, folder, names.get(i));
            assertSameBits(expected.get(i), source.forward(samples.get(i).inputs()).getFirst(), names.get(i));
        }
    }

    /** The bits of the operation, of its gradient, and of the gradient of that where there is one. */
    @TestFactory
    Stream<DynamicTest> ownOperationsComeBackAsTheyWere() {
        return Catalogue.entries().stream().map(entry -> dynamicTest(entry.id(), () -> {
            Sample sample = entry.sample(new Sampler(3, DType.F64));
            Path file = export(sample);
            ModelProto model = ModelProto.parseFrom(Files.readAllBytes(file));
            if (model.getFunctionsCount() == 0) {
                return;
            }
            assertEquals(1, model.getGraph().getNodeList().stream()
                    .filter(node -> !node.getOpType().equals("Constant")).count(), "one call");
            assertSameBits(sample.apply(sample.inputs()), Onnx.load(file).forwardAll(sample.inputs()).getFirst(),
                    sample.toString());
            if (sample.inputs().stream().allMatch(x -> x.dtype().isFloat())) {
                List<Tensor> inputs = sample.inputs().stream().map(Tensor::tracked).toList();
                Tensor[] all = inputs.toArray(Tensor[]::new);
                var ours = sample.apply(inputs).sum().gradients(all);
                var back = Onnx.load(file).forwardAll(inputs).getFirst().sum().gradients(all);
                inputs.forEach(x -> assertSameBits(ours.of(x), back.of(x), "gradient of " + sample));
            }
        }));
    }

    /** Calls that do the same share a function, those that do it to other shapes have one of their own if they do it otherwise. */
    @Test
    void functionsAreShared() throws IOException {
        Path file = folder.resolve("shared.onnx");
        OnnxExport.of((Layer) in -> in, in -> {
            Tensor x = in.getFirst();
            return List.of(x.lgamma().add(x.neg().lgamma()).sum().add(x.sum(0).lgamma().sum()),
                    new MatrixExp().apply(x), new MatrixExp().apply(x.neg()), new MatrixExp().apply(x.slice(0, 0, 2)
                            .slice(1, 0, 2)));
        }).input("x", 3, 3).write(file);
        ModelProto model = ModelProto.parseFrom(Files.readAllBytes(file));
        assertEquals(List.of("LogGamma", "MatrixExp", "MatrixExp_2"), model.getFunctionsList().stream()
                .map(each -> each.getName()).sorted().toList());
        assertEquals(List.of("LogGamma", "LogGamma", "LogGamma", "MatrixExp", "MatrixExp", "MatrixExp_2"),
                model.getGraph().getNodeList().stream().filter(node -> node.getDomain().equals("adjoint"))
                        .map(node -> node.getOpType()).sorted().toList());
    }

    /** A function of a name that is none of ours is computed as it says, and so is a call without a function. */
    @Test
    void functionsMayBeMissing() throws IOException {
        Path file = folder.resolve("stripped.onnx");
        OnnxExport.of((Layer) in -> in, in -> List.of(in.getFirst().lgamma())).input("x", 3).write(file);
        ModelProto model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder().clearFunctions().build();
        Files.write(file, model.toByteArray());
        Tensor x = Rng.seed(1).uniform(Shape.of(3), DType.F32);
        assertSameBits(x.lgamma(), Onnx.load(file).forwardAll(List.of(x)).getFirst(), "stripped");
        assertEquals(List.of(), List.copyOf(Onnx.inspect(file).unsupported()));
    }

    @Test
    void attributesThatAreNotKnownAreRefused() throws IOException {
        Path file = folder.resolve("odd.onnx");
        OnnxExport.of((Layer) in -> in, in -> List.of(in.getFirst().besselI(3))).input("x", 3).write(file);
        ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
        model.getGraphBuilder().getNodeBuilder(0).getAttributeBuilder(0).setI(1_000_000_000);
        Files.write(file, model.build().toByteArray());
        OnnxModel odd = Onnx.load(file);
        Tensor x = Tensor.ones(3);
        ShapeException e = assertThrows(ShapeException.class, () -> odd.forwardAll(List.of(x)));
        assertTrue(e.getMessage().contains("no such order: order 1000000000; expected 0 to 100"), e.getMessage());
    }
}
