package io.adjoint.serialization.onnx;

import static io.adjoint.serialization.onnx.Closeness.assertClose;
import static io.adjoint.serialization.onnx.ControlFlowOperatorsTest.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Linear;
import io.adjoint.serialization.onnx.proto.AttributeProto;
import io.adjoint.serialization.onnx.proto.AttributeProto.AttributeType;
import io.adjoint.serialization.onnx.proto.FunctionProto;
import io.adjoint.serialization.onnx.proto.GraphProto;
import io.adjoint.serialization.onnx.proto.ModelProto;
import io.adjoint.serialization.onnx.proto.NodeProto;
import io.adjoint.serialization.onnx.proto.OperatorSetIdProto;
import io.adjoint.serialization.onnx.proto.StringStringEntryProto;
import io.adjoint.serialization.onnx.proto.TensorProto;
import io.adjoint.serialization.onnx.proto.TensorProto.DataLocation;
import io.adjoint.serialization.onnx.proto.TensorShapeProto;
import io.adjoint.serialization.onnx.proto.TypeProto;
import io.adjoint.serialization.onnx.proto.ValueInfoProto;
import io.adjoint.serialization.onnx.read.ModelReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large constants lie in the file of the weights, by the same rule, and stay constants. */
class OnnxConstantsTest {
    private static final int SMALL = 1024;
    private static final Tensor X = Rng.seed(7).normal(Shape.of(2, 20), DType.F32);
    private static final Tensor TABLE = Rng.seed(8).normal(Shape.of(20, 30), DType.F32);
    private static final Tensor PLACES = Rng.seed(9).uniform(Shape.of(200), DType.F32).mul(30).floor().cast(DType.I64);
    private static final Tensor FEW = Rng.seed(10).normal(Shape.of(20), DType.F32);

    @TempDir
    private Path folder;

    private final Linear linear = Linear.of(20, 20, Rng.seed(1));

    private List<Tensor> forward(List<Tensor> in) {
        return List.of(linear.forward(in.getFirst()).mul(FEW).tanh().matmul(TABLE).indexSelect(1, PLACES));
    }

    private OnnxExport export(long above) {
        return OnnxExport.of(linear, this::forward).input("x", 2, 20).dynamicBatch("batch").externalAbove(above);
    }

    private static Stream<TensorProto> constants(Path file) {
        GraphProto graph = ModelReader.messages(file).getGraph();
        return graph.getNodeList().stream().filter(node -> node.getOpType().equals("Constant"))
                .map(NodeProto::getAttributeList).map(List::getFirst).map(AttributeProto::getT);
    }

    private static boolean isExternal(TensorProto tensor) {
        return tensor.getDataLocation() == DataLocation.EXTERNAL;
    }

    private static long length(TensorProto tensor) {
        return isExternal(tensor) ? Long.parseLong(tensor.getExternalData(2).getValue()) : tensor.getRawData().size();
    }

    private void assertSame(Path file, Tensor x) throws OrtException {
        OnnxModel model = Onnx.load(file);
        assertEquals(List.of("weight", "bias"), List.copyOf(model.variables().keySet()));
        Tensor expected = forward(List.of(x)).getFirst();
        assertClose(expected, model.forward(x), 1e-6, "loaded");
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            assertClose(expected, runtime.run(List.of(x)).getFirst(), 1e-5, "run");
        }
        Tensor from = x.tracked();
        List<Tensor> gradients = Training.scope(() -> gradients(forward(List.of(from)).getFirst(), from,
                linear.variables().get("weight")));
        List<Tensor> found =
                Training.scope(() -> gradients(model.forward(from), from, model.variables().get("weight")));
        assertClose(gradients.getFirst(), found.getFirst(), 1e-5, "gradient of the input");
        assertClose(gradients.getLast(), found.getLast(), 1e-5, "gradient of the weight");
    }

    private static List<Tensor> gradients(Tensor y, Tensor x, Variable weight) {
        Tensor loss = y.mul(Rng.seed(3).normal(y.shape(), y.dtype())).sum();
        return List.of(loss.gradients(x).of(x), loss.gradients(weight).of(weight));
    }

    @Test
    void constantsHaveTheFileOfTheWeights() throws OrtException, IOException {
        Path file = folder.resolve("net.onnx");
        export(0).write(file);
        assertTrue(constants(file).allMatch(tensor -> isExternal(tensor) == length(tensor) >= SMALL));
        assertEquals(2, constants(file).filter(OnnxConstantsTest::isExternal).count());
        assertTrue(Files.size(file) < 3000, Files.size(file) + " bytes");
        assertSame(file, X);
        assertSame(file, Tensor.concat(0, X, X.neg(), X));
        Path inside = folder.resolve("inside.onnx");
        export(Long.MAX_VALUE).write(inside);
        assertTrue(constants(inside).noneMatch(OnnxConstantsTest::isExternal));
        assertFalse(Files.exists(folder.resolve("inside.onnx.data")));
        assertTrue(Onnx.load(inside).forward(X).sameBits(Onnx.load(file).forward(X)));
    }

    /** The threshold is of weights and constants together. */
    @Test
    void constantsCount() {
        Path file = folder.resolve("net.onnx");
        export(Long.MAX_VALUE).write(file);
        long weights = 4 * (20 * 20 + 20);
        long all = weights + constants(file).mapToLong(OnnxConstantsTest::length).sum();
        export(all).write(file);
        assertTrue(constants(file).noneMatch(OnnxConstantsTest::isExternal));
        export(all - 1).write(file);
        assertEquals(2, constants(file).filter(OnnxConstantsTest::isExternal).count());
        OnnxExport.of(linear, in -> List.of(in.getFirst().matmul(TABLE))).input("x", 2, 20).externalAbove(2000)
                .write(file);
        assertEquals(1, constants(file).filter(OnnxConstantsTest::isExternal).count());
    }

    @Test
    void anImportedModelIsSavedWithThem() throws OrtException, IOException {
        Path file = folder.resolve("net.onnx");
        export(0).write(file);
        Path copy = folder.resolve("copy.onnx");
        Onnx.load(file).save(copy, 0);
        ModelProto before = ModelReader.messages(file);
        ModelProto after = ModelReader.messages(copy);
        assertEquals(before.getGraph().getNodeList().stream().map(NodeProto::getName).toList(),
                after.getGraph().getNodeList().stream().map(NodeProto::getName).toList());
        assertEquals(constants(file).map(OnnxConstantsTest::isExternal).toList(),
                constants(copy).map(OnnxConstantsTest::isExternal).toList());
        assertTrue(Files.size(copy) < 3000, Files.size(copy) + " bytes");
        assertSame(copy, X);
        Path inside = folder.resolve("inside.onnx");
        Onnx.load(copy).save(inside);
        assertTrue(constants(inside).noneMatch(OnnxConstantsTest::isExternal));
        assertSame(inside, X);
        for (int i = 0; i < 3; i++) { // over itself, from one data file to the other
            Onnx.load(copy).save(copy, 0);
            assertSame(copy, X);
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(5, files.count());
        }
    }

    /** 300 of them, in a file. */
    private static TensorProto.Builder ones() {
        return TensorProto.newBuilder().setDataType(1).addDims(300).setDataLocation(DataLocation.EXTERNAL)
                .addExternalData(StringStringEntryProto.newBuilder().setKey("location").setValue("ones"));
    }

    private static AttributeProto.Builder body(String name, GraphProto.Builder graph) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeType.GRAPH).setG(graph.setName(name));
    }

    private static ValueInfoProto info(String name) {
        return ValueInfoProto.newBuilder().setName(name).setType(TypeProto.newBuilder().setTensorType(TypeProto.Tensor
                .newBuilder().setElemType(1).setShape(TensorShapeProto.newBuilder().addDim(
                        TensorShapeProto.Dimension.newBuilder().setDimValue(300)))))
                .build();
    }

    private static OperatorSetIdProto imports(String domain, int version) {
        return OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version).build();
    }

    /** A weight in a branch, and constants there and in a function: whoever opens the saved model finds them. */
    @Test
    void tensorsInsideOfGraphsAndFunctions() throws OrtException, IOException {
        AttributeProto constant = AttributeProto.newBuilder().setName("value").setType(AttributeType.TENSOR)
                .setT(ones()).build();
        GraphProto.Builder then = GraphProto.newBuilder().addInitializer(ones().setName("weight"))
                .addNode(node("r = Mul s weight")).addOutput(info("r"));
        GraphProto.Builder otherwise = GraphProto.newBuilder().addNode(node("d = Constant").addAttribute(constant))
                .addNode(node("q = Mul s d")).addOutput(info("q"));
        TensorProto.Builder yes = TypedFields.add(TensorProto.newBuilder().setDataType(9), 1);
        ModelProto model = ModelProto.newBuilder().setIrVersion(9).addOpsetImport(imports("", 20))
                .addOpsetImport(imports("own", 1))
                .addFunctions(FunctionProto.newBuilder().setDomain("own").setName("Sum").addInput("a").addOutput("b")
                        .addOpsetImport(imports("", 20)).addNode(node("c = Constant").addAttribute(constant))
                        .addNode(node("b = Add a c")))
                .setGraph(GraphProto.newBuilder().setName("main").addInput(info("x")).addOutput(info("y"))
                        .addNode(node("go = Constant").addAttribute(AttributeProto.newBuilder().setName("value")
                                .setType(AttributeType.TENSOR).setT(yes)))
                        .addNode(node("s = Sum x").setDomain("own"))
                        .addNode(node("y = If go").addAttribute(body("then_branch", then))
                                .addAttribute(body("else_branch", otherwise))))
                .build();
        ByteBuffer ones = ByteBuffer.allocate(1200).order(ByteOrder.LITTLE_ENDIAN);
        while (ones.hasRemaining()) {
            ones.putFloat(1);
        }
        Files.write(folder.resolve("ones"), ones.array());
        Path file = folder.resolve("nested.onnx");
        Files.write(file, model.toByteArray());
        OnnxModel loaded = Onnx.load(file);
        loaded.variables().get("weight").set(Tensor.full(Shape.of(300), DType.F32, 2));
        Path copy = folder.resolve("copy.onnx");
        loaded.save(copy, 0);
        Tensor x = Rng.seed(4).normal(Shape.of(300), DType.F32);
        Tensor expected = x.add(1).mul(2);
        Files.delete(folder.resolve("ones"));
        assertTrue(expected.sameBits(Onnx.load(copy).forward(x)));
        assertEquals(2 * 4096 + 1200, Files.size(folder.resolve("copy.onnx.data")));
        try (OnnxRuntime runtime = new OnnxRuntime(copy)) {
            assertTrue(expected.sameBits(runtime.run(List.of(x)).getFirst()));
        }
    }
}
