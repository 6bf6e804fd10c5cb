package io.adjoint.serialization.onnx;

import static io.adjoint.serialization.onnx.Closeness.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ai.onnxruntime.OrtException;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.Catalogue;
import io.adjoint.autodiff.op.Sample;
import io.adjoint.autodiff.op.Sampler;
import io.adjoint.nn.Layer;
import io.adjoint.nn.samples.Draw;
import io.adjoint.nn.samples.ModuleSample;
import io.adjoint.serialization.onnx.proto.GraphProto;
import io.adjoint.serialization.onnx.proto.ModelProto;
import io.adjoint.serialization.onnx.proto.TensorShapeProto;
import io.adjoint.serialization.onnx.proto.ValueInfoProto;
import io.adjoint.serialization.onnx.read.ModelReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** A model says what shape each of its values has. */
class ExportedShapesTest {
    @TempDir
    private Path folder;

    private GraphProto graph(OnnxExport export) {
        return ModelReader.messages(export(export)).getGraph();
    }

    private Path export(OnnxExport export) {
        Path file = folder.resolve("model.onnx");
        export.write(file);
        return file;
    }

    private static Map<String, String> shapes(GraphProto graph) {
        Map<String, String> shapes = new LinkedHashMap<>();
        graph.getValueInfoList().forEach(value -> shapes.put(value.getName(), text(value)));
        return shapes;
    }

    private static String text(ValueInfoProto value) {
        return ElementType.of(value.getType().getTensorType().getElemType()).orElseThrow()
                + value.getType().getTensorType().getShape().getDimList().stream().map(ExportedShapesTest::text)
                        .collect(Collectors.joining(", ", "[", "]"));
    }

    private static String text(TensorShapeProto.Dimension dim) {
        return switch (dim.getValueCase()) {
            case DIM_VALUE -> Long.toString(dim.getDimValue());
            case DIM_PARAM -> dim.getDimParam();
            case VALUE_NOT_SET -> "?";
        };
    }

    @Test
    void ofEveryValueOnce() {
        GraphProto graph = graph(OnnxExport.of(OnnxExportTest.Net.create()).input("x", 2, 4).output("y"));
        assertEquals("{hidden/Transpose/out=float[4, 8], hidden/MatMul/out=float[2, 8], hidden/Add/out=float[2, 8],"
                + " Relu/out=float[2, 8], output/Transpose/out=float[8, 3], output/MatMul/out=float[2, 3],"
                + " output/Add/out=float[2, 3]}", shapes(graph).toString());
        Set<String> computed = new HashSet<>();
        graph.getNodeList().forEach(node -> computed.addAll(node.getOutputList()));
        computed.remove("y");
        assertEquals(computed, shapes(graph).keySet());
        assertEquals(computed.size(), graph.getValueInfoCount());
    }

    @Test
    void theDynamicAxisHasItsName() {
        OnnxExport net = OnnxExport.of(OnnxExportTest.Net.create()).input("x", 2, 4).dynamicBatch("batch");
        assertEquals("float[batch, 8]", shapes(graph(net)).get("hidden/MatMul/out"));
        assertEquals("float[8, 3]", shapes(graph(net)).get("output/Transpose/out"));
        Layer twice = x -> Tensor.concat(0, x, x).pad(0, 1, 0, 0).exp();
        assertEquals("float[2 * batch + 1, 4]",
                shapes(graph(OnnxExport.of(twice).input("x", 2, 4).dynamicBatch("batch"))).get("Pad/out"));
    }

    /** Half of the batch, rounded up, has no name, and is not what it was while tracing either. */
    @Test
    void whatDependsOnTheBatchInAnotherWayIsLeftOpen() throws OrtException {
        Layer half = x -> x.slice(0, 0, x.dim(0), 2).exp();
        Path file = export(OnnxExport.of(half).input("x", 2, 4).dynamicBatch("batch"));
        assertEquals("float[?, 4]", shapes(ModelReader.messages(file).getGraph()).get("Slice/out"));
        assertEquals(Optional.of(List.of(new Dimension.Unknown(), new Dimension.Fixed(4))),
                Onnx.load(file).outputs().getFirst().shape());
        assertRuns(half, file);
    }

    /** What is computed from the batch instead of a constant is as long as the batch is. */
    @Test
    void whatIsFilledToTheBatchIsNotOfTheTracedExtent() throws OrtException {
        Layer filled = x -> Tensor.concat(1, x, Tensor.range(x.dim(0)).cast(DType.F32).unsqueeze(1)).exp();
        assertRuns(filled, export(OnnxExport.of(filled).input("x", 2, 4).dynamicBatch("batch")));
    }

    /** Of a slice backwards along an empty axis ONNX Runtime says that it has one element. */
    @Test
    void nothingIsDoneToFlipOneElementOrNone() {
        Layer flip = x -> x.flip(0);
        for (int extent = 0; extent < 3; extent++) {
            assertEquals(extent < 2 ? "Identity" : "Slice",
                    graph(OnnxExport.of(flip).input("x", extent, 2, 4)).getNodeList().getLast().getOpType());
        }
    }

    @TestFactory
    Stream<DynamicTest> ofModules() {
        return ModuleExportTest.samplers().map(sampler -> dynamicTest(sampler.toString(), () -> {
            ModuleSample sample = sampler.draw().apply(new Draw(0, DType.F32));
            assertHolds(ModuleExportTest.export(sample, folder.resolve("module.onnx")), sample.inputs());
        }));
    }

    @TestFactory
    Stream<DynamicTest> ofOperations() {
        return Catalogue.entries().stream().map(entry -> dynamicTest(entry.id(), () -> {
            Sample sample = entry.sample(new Sampler(0, DType.F32));
            assertHolds(export(CatalogueExportTest.export(sample)), sample.inputs());
        }));
    }

    /** As outputs of the model, values have in ONNX Runtime the shapes that it is told. */
    private void assertHolds(Path file, List<Tensor> inputs) throws Exception {
        ModelProto model = ModelReader.messages(file);
        GraphProto graph = model.getGraph();
        List<ValueInfoProto> values = graph.getValueInfoList();
        if (values.isEmpty()) {
            return;
        }
        Path open = folder.resolve("open.onnx");
        Files.write(open, model.toBuilder().setGraph(graph.toBuilder().clearOutput().addAllOutput(values)).build()
                .toByteArray());
        try (OnnxRuntime runtime = new OnnxRuntime(open)) {
            List<Tensor> found = runtime.run(inputs);
            for (int i = 0; i < values.size(); i++) {
                Tensor value = found.get(i);
                assertEquals(text(values.get(i)), ElementType.of(value.dtype()) + value.shape().toString(),
                        values.get(i).getName());
            }
        }
    }

    private static void assertRuns(Layer layer, Path file) throws OrtException {
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            for (int batch = 1; batch < 7; batch++) {
                Tensor x = Rng.seed(batch).normal(Shape.of(batch, 4), DType.F32);
                assertClose(layer.forward(x), runtime.run(List.of(x)).getFirst(), 1e-5, "batch " + batch);
            }
        }
    }

    /** A reader has to keep what is said of each value. */
    @Test
    void ofThousandsOfValuesNothingIsSaid() {
        for (int count : new int[] {4095, 4097}) {
            Layer deep = x -> {
                Tensor y = x;
                for (int i = 0; i < count; i++) {
                    y = y.sin();
                }
                return y.neg();
            };
            GraphProto graph = graph(OnnxExport.of(deep).input("x", 1));
            assertEquals(count + 1, graph.getNodeCount());
            assertEquals(count > 4096 ? 0 : count, graph.getValueInfoCount());
        }
    }
}
