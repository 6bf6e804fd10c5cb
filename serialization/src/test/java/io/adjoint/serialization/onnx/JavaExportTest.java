package io.adjoint.serialization.onnx;

import static io.adjoint.serialization.onnx.ControlFlowOperatorsTest.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.op.MatrixExp;
import io.adjoint.nn.Layer;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.onnx.proto.AttributeProto;
import io.adjoint.serialization.onnx.proto.AttributeProto.AttributeType;
import io.adjoint.serialization.onnx.proto.GraphProto;
import io.adjoint.serialization.onnx.proto.ModelProto;
import io.adjoint.serialization.onnx.proto.NodeProto;
import io.adjoint.serialization.onnx.proto.OperatorSetIdProto;
import io.adjoint.serialization.onnx.proto.TensorProto;
import io.adjoint.serialization.onnx.proto.TensorShapeProto;
import io.adjoint.serialization.onnx.proto.TypeProto;
import io.adjoint.serialization.onnx.proto.ValueInfoProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaExportTest {
    private static final List<String> HOSTILE = List.of("x */ class Evil {} /*", "C:\\users", "\\", "\\\\u000a",
            "\\u002a/", "a\nb\r\t\f\b\0001", "\"; int x = 1; //", "{@code @param <b> & &amp;", "}",
            "\u00e9\u4e2d\ud83d\ude00",
            "\u202e\u2028\u0085\u007f", "1x", "class", "true", "_", "add1", "weights", "Tensor", "*/", "$", " ",
            "batch",
            "this", "weight", "%s", "constant.0", "yield", "record");

    @TempDir
    private Path folder;

    /** A file may claim any extent. */
    @Test
    void extentsThatNoTensorHasAreRefused() {
        TensorShapeProto.Dimension.Builder extent = TensorShapeProto.Dimension.newBuilder().setDimValue(1L << 40);
        ValueInfoProto x = ValueInfoProto.newBuilder().setName("x").setType(TypeProto.newBuilder().setTensorType(
                TypeProto.Tensor.newBuilder().setElemType(1).setShape(TensorShapeProto.newBuilder().addDim(extent))))
                .build();
        OnnxModel model = OnnxModel.of(folder.resolve("large.onnx"), ModelProto.newBuilder().setGraph(
                GraphProto.newBuilder().addInput(x).addOutput(ValueInfoProto.newBuilder().setName("y"))
                        .addNode(node("y = Neg x")))
                .build());
        ModelFileException e = assertThrows(ModelFileException.class, () -> JavaExport.of(model).write(folder));
        assertEquals(folder.resolve("Model.java") + ": no tensor has the shape of " + model.inputs().getFirst()
                + "; give another one by shape(\"x\", ...)", e.getMessage());
    }

    /** Which axes there are is not said: one would not do for all. */
    @Test
    void anInputOfUnknownRankNeedsAShape() throws IOException {
        ValueInfoProto x = ValueInfoProto.newBuilder().setName("x").setType(TypeProto.newBuilder().setTensorType(
                TypeProto.Tensor.newBuilder().setElemType(1))).build();
        OnnxModel model = OnnxModel.of(folder.resolve("open.onnx"), ModelProto.newBuilder().setGraph(
                GraphProto.newBuilder().addInput(x).addOutput(ValueInfoProto.newBuilder().setName("y"))
                        .addNode(node("y = Neg x")))
                .build());
        JavaExport export = JavaExport.of(model).dynamicBatch();
        ModelFileException e = assertThrows(ModelFileException.class, () -> export.write(folder));
        assertEquals(folder.resolve("Model.java") + ": the shape of x float[...] is not fixed; give one by "
                + "shape(\"x\", ...)", e.getMessage());
        e = assertThrows(ModelFileException.class, () -> export.shape("x").write(folder));
        assertEquals(
                folder.resolve("Model.java") + ": x float[...] is given without axes, so it has none for the batch; "
                        + "name the inputs that have it in dynamicBatch(...)",
                e.getMessage());
        export.shape("x", 1, 2, 3).write(folder);
        assertTrue(Files.readString(folder.resolve("Model.java")).contains("F32[batch, 2, 3]"));
    }

    /** Any text may be a name in a file: none of it is more than text in the source. */
    @Test
    void anyNamesGiveSourceThatCompiles() throws IOException, ReflectiveOperationException {
        List<String> sources = new ArrayList<>();
        List<OnnxModel> models = new ArrayList<>();
        for (String hostile : HOSTILE) {
            String other = hostile + "2";
            TensorProto weight = floats(hostile + "w", 3);
            TensorProto large = floats(hostile + "\"", 20);
            GraphProto.Builder graph = GraphProto.newBuilder().setName(hostile)
                    .addInput(input(hostile, hostile + "dim")).addInput(input(other, "n" + hostile))
                    .addOutput(ValueInfoProto.newBuilder().setName(hostile + "out"))
                    .addOutput(ValueInfoProto.newBuilder().setName(hostile + "sum"))
                    .addInitializer(weight).addInitializer(large);
            graph.addNode(named(hostile + "add", "Add", hostile, other));
            graph.addNode(named(hostile + "add2", "Add", hostile + "add", weight.getName()));
            graph.addNode(named(hostile + "out", "Mul", hostile + "add2", hostile + "add"));
            graph.addNode(named(hostile + "sum", "Add", large.getName(), large.getName()));
            models.add(OnnxModel.of(folder.resolve("hostile.onnx"), ModelProto.newBuilder().setProducerName(hostile)
                    .setDocString(hostile).setGraph(graph).build()));
            sources.add("Hostile" + sources.size());
            JavaExport.of(models.getLast()).named(sources.getLast()).shape(hostile, 3).shape(other, 3).write(folder);
        }
        ClassLoader loader = ExportedSource.compile(folder, sources);
        List<Tensor> inputs = List.of(Tensor.of(new float[] {1, 2, 3}), Tensor.of(new float[] {4, 5, 7}));
        for (int i = 0; i < sources.size(); i++) {
            List<Tensor> expected = models.get(i).forwardAll(inputs);
            List<Tensor> found = ExportedSource.load(loader, folder, sources.get(i)).forward(inputs);
            assertTrue(expected.get(0).sameBits(found.get(0)) && expected.get(1).sameBits(found.get(1)),
                    HOSTILE.get(i));
        }
    }

    /** Names as parameters of the method: each once, also beside the numbers that tell equal ones apart. */
    @Test
    void equalNamesAreToldApart() throws IOException, ReflectiveOperationException {
        List<String> names = List.of("a3", "a", "a!", "batch", "inputbatch", "a?", "add1", "Add2", "mul1");
        GraphProto.Builder graph = GraphProto.newBuilder();
        names.forEach(name -> graph.addInput(input(name, "n")));
        graph.addNode(named("s0", "Add", names.get(0), names.get(1)));
        for (int i = 2; i < names.size(); i++) {
            graph.addNode(named("p" + i, "Mul", "s" + (i - 2), names.get(i)));
            graph.addNode(named("s" + (i - 1), "Add", "p" + i, "s" + (i - 2)));
        }
        graph.addOutput(ValueInfoProto.newBuilder().setName("s" + (names.size() - 2)));
        OnnxModel model = OnnxModel.of(folder.resolve("equal.onnx"), ModelProto.newBuilder().setGraph(graph).build());
        JavaExport export = JavaExport.of(model).named("Equal");
        for (String name : names) {
            export = export.shape(name, 2);
        }
        export.write(folder);
        List<Tensor> inputs = IntStream.range(0, names.size())
                .mapToObj(i -> Tensor.of(new float[] {i + 1, 0.3f * i})).toList();
        ExportedSource source = ExportedSource.load(ExportedSource.compile(folder, List.of("Equal")), folder, "Equal");
        assertTrue(model.forwardAll(inputs).getFirst().sameBits(source.forward(inputs).getFirst()));
    }

    /** What batch normalisation keeps is no parameter, and a weight may have the name of a constant. */
    @Test
    void weightsAreOfTheKindsThatTheModelHas() throws IOException, ReflectiveOperationException {
        GraphProto.Builder graph = GraphProto.newBuilder().addInput(input("x", "n", "20"))
                .addOutput(ValueInfoProto.newBuilder().setName("y"));
        for (String name : List.of("scale", "shift", "mean", "variance")) {
            graph.addInitializer(floats(name, 20));
        }
        graph.addInitializer(floats("constant.0", 1));
        graph.addNode(NodeProto.newBuilder().setOpType("Constant").addOutput("fixed").addAttribute(AttributeProto
                .newBuilder().setName("value").setType(AttributeType.TENSOR).setT(floats("", 20))));
        graph.addNode(named("a", "BatchNormalization", "x", "scale", "shift", "mean", "variance"));
        graph.addNode(named("b", "Mul", "a", "constant.0"));
        graph.addNode(named("y", "Add", "b", "fixed"));
        OnnxModel model = OnnxModel.of(folder.resolve("kinds.onnx"), ModelProto.newBuilder()
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(15)).setGraph(graph).build());
        JavaExport.of(model).named("Kinds").shape("x", 2, 20).write(folder);
        ExportedSource source = ExportedSource.load(ExportedSource.compile(folder, List.of("Kinds")), folder, "Kinds");
        Map<String, Variable> variables = source.made().variables();
        model.variables().forEach((name, variable) -> {
            assertEquals(variable.kind(), variables.get(name).kind(), name);
            assertTrue(variable.value().sameBits(variables.get(name).value()), name);
        });
        assertEquals(Variable.Kind.BUFFER, variables.get("constant.1").kind());
        Tensor x = Tensor.range(40).reshape(2, 20).cast(DType.F32);
        assertTrue(model.forward(x).sameBits(source.forward(List.of(x)).getFirst()));
    }

    private static ValueInfoProto input(String name, String... dimensions) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        List.of(dimensions).forEach(dimension -> shape.addDimBuilder().setDimParam(dimension));
        return ValueInfoProto.newBuilder().setName(name).setType(TypeProto.newBuilder().setTensorType(
                TypeProto.Tensor.newBuilder().setElemType(1).setShape(shape))).build();
    }

    private static TensorProto floats(String name, int size) {
        ByteBuffer bytes = ByteBuffer.allocate(size * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        IntStream.range(0, size).forEach(i -> bytes.putFloat(i + 0.5f));
        return TensorProto.newBuilder().setName(name).setDataType(1).addDims(size)
                .setRawData(ByteString.copyFrom(bytes.flip())).build();
    }

    private static NodeProto named(String output, String operator, String... inputs) {
        return NodeProto.newBuilder().setName(output).setOpType(operator).addAllInput(List.of(inputs)).addOutput(output)
                .build();
    }

    @Test
    void namesOfClassesThatTheSourceUsesAreRefused() {
        Layer layer = x -> new MatrixExp().apply(x).mul(2);
        Path file = folder.resolve("named.onnx");
        OnnxExport.of(layer).input("x", 3, 3).write(file);
        OnnxModel model = Onnx.load(file);
        for (String name : List.of("MatrixExp", "Tensor", "com.acme.Set", "String")) {
            JavaExport export = JavaExport.of(model).named(name);
            String simple = name.substring(name.lastIndexOf('.') + 1);
            ModelFileException e = assertThrows(ModelFileException.class, () -> export.write(folder));
            assertEquals(folder.resolve(simple + ".java") + ": its source uses another class that is called " + simple
                    + "; name the record otherwise", e.getMessage());
        }
    }

    /** Whole groups of examples have no source. */
    @Test
    void functionsThatDoNotTakeEveryBatch() {
        Path file = folder.resolve("limits.onnx");
        Layer groups = x -> x.reshape(x.dim(0) / 2, 2, 3).mean(1);
        OnnxExport.of(groups).input("x", 4, 3).dynamicBatch("batch").write(file);
        JavaExport export = JavaExport.of(Onnx.load(file)).named("Groups").dynamicBatch();
        ModelFileException e = assertThrows(ModelFileException.class, () -> export.write(folder));
        assertTrue(e.getMessage().startsWith(folder.resolve("Groups.java") + ": it does not take any batch: "),
                e.getMessage());
    }
}
