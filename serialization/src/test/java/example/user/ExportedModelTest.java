package example.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.Uniform;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Linear;
import io.adjoint.nn.Sequential;
import io.adjoint.serialization.file.LibraryVersion;
import io.adjoint.serialization.onnx.Onnx;
import io.adjoint.serialization.onnx.OnnxExport;
import io.adjoint.serialization.onnx.OnnxSummary;
import io.adjoint.serialization.onnx.proto.GraphProto;
import io.adjoint.serialization.onnx.proto.ModelProto;
import io.adjoint.serialization.onnx.proto.NodeProto;
import io.adjoint.serialization.onnx.proto.OperatorSetIdProto;
import io.adjoint.serialization.onnx.proto.TensorProto;
import io.adjoint.serialization.onnx.proto.TensorShapeProto.Dimension;
import io.adjoint.serialization.onnx.proto.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What other programs find in a model that was written. */
class ExportedModelTest {
    @TempDir
    private Path folder;

    private final List<Integer> lines = new ArrayList<>();
    private final Layer net = Sequential.of(Linear.of(4, 3, Rng.seed(1)), x -> {
        lines.add(line() + 1);
        return x.tanh();
    });

    private final OnnxExport export = OnnxExport.of(net).input("image", 2, 4).output("class").doc("Which class it is")
            .metadata("trained", "by hand").metadata("license", "none").dynamicBatch("batch");

    private static int line() {
        return StackWalker.getInstance().walk(frames -> frames.skip(1).findFirst()).orElseThrow().getLineNumber();
    }

    private ModelProto written(OnnxExport export) throws IOException {
        return ModelProto.parseFrom(Files.readAllBytes(file(export)));
    }

    private Path file(OnnxExport export) {
        Path file = folder.resolve("model.onnx");
        export.write(file);
        return file;
    }

    @Test
    void whatItSaysOfItself() throws IOException {
        ModelProto model = written(export);
        assertTrue(model.getIrVersion() >= 8, "IR version " + model.getIrVersion());
        assertEquals(List.of(""), model.getOpsetImportList().stream().map(OperatorSetIdProto::getDomain).toList());
        assertTrue(model.getOpsetImport(0).getVersion() >= 17, "operators " + model.getOpsetImport(0).getVersion());
        assertEquals("adjoint", model.getProducerName());
        assertEquals(LibraryVersion.get(), model.getProducerVersion());
        assertEquals("Which class it is", model.getDocString());
        Map<String, String> metadata = new LinkedHashMap<>();
        model.getMetadataPropsList().forEach(entry -> metadata.put(entry.getKey(), entry.getValue()));
        assertEquals("{trained=by hand, license=none}", metadata.toString());
    }

    @Test
    void itsInputsOutputsAndParameters() throws IOException {
        GraphProto graph = written(export).getGraph();
        assertEquals("main", graph.getName());
        assertEquals(List.of("image[batch, 4]"), graph.getInputList().stream().map(ExportedModelTest::text).toList());
        assertEquals(List.of("class[batch, 3]"), graph.getOutputList().stream().map(ExportedModelTest::text).toList());
        assertEquals(List.copyOf(net.variables().keySet()),
                graph.getInitializerList().stream().map(TensorProto::getName).toList());
        GraphProto fixed = written(OnnxExport.of(net).input("image", 2, 4)).getGraph();
        assertEquals("image[2, 4]", text(fixed.getInput(0)));
        assertEquals("output[2, 3]", text(fixed.getOutput(0)));
    }

    private static String text(ValueInfoProto value) {
        return value.getName() + value.getType().getTensorType().getShape().getDimList().stream()
                .map(dim -> dim.getValueCase() == Dimension.ValueCase.DIM_PARAM ? dim.getDimParam()
                        : Long.toString(dim.getDimValue()))
                .toList();
    }

    @Test
    void nodesNameTheirLines() throws IOException {
        NodeProto tanh = written(export).getGraph().getNodeList().stream()
                .filter(node -> node.getOpType().equals("Tanh")).findFirst().orElseThrow();
        assertEquals("1/Tanh", tanh.getName());
        assertEquals("ExportedModelTest.java:" + lines.getFirst(), tanh.getDocString());
    }

    @Test
    void functionsComeWithTheirOwnOperators() throws IOException {
        OnnxExport drawing = OnnxExport.of(net, in -> List.of(new Uniform(Shape.of(3), DType.F32).apply(in.getFirst())))
                .input("key", new TensorSpec(DType.I64, Shape.of(2)));
        ModelProto model = written(drawing);
        assertEquals(List.of("", model.getFunctions(0).getDomain()),
                model.getOpsetImportList().stream().map(OperatorSetIdProto::getDomain).toList());
        assertEquals(model.getOpsetImport(0), model.getFunctions(0).getOpsetImport(0));
    }

    @Test
    void theSummarySaysTheSame() throws IOException {
        ModelProto model = written(export);
        OnnxSummary summary = Onnx.inspect(file(export));
        assertEquals(List.of("image float[batch, 4]"), summary.inputs());
        assertEquals(List.of("class float[batch, 3]"), summary.outputs());
        assertEquals(Map.of("", model.getOpsetImport(0).getVersion()), summary.opsets());
        List<String> text = summary.toString().lines().map(line -> line.replaceAll(" +", " ")).toList();
        assertEquals(List.of("producer adjoint " + LibraryVersion.get(),
                "format IR version " + model.getIrVersion() + ", operators ai.onnx "
                        + model.getOpsetImport(0).getVersion(),
                "input image float[batch, 4]", "output class float[batch, 3]", "parameters 15 in 2 tensors"),
                text.subList(0, 5));
        assertEquals(List.of("doc Which class it is", "trained by hand", "license none"), text.subList(6, 9));
    }
}
