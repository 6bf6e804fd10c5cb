package io.adjoint.serialization.onnx;

import static io.adjoint.serialization.onnx.ControlFlowOperatorsTest.graph;
import static io.adjoint.serialization.onnx.ControlFlowOperatorsTest.node;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.proto.AttributeProto;
import io.adjoint.serialization.onnx.proto.AttributeProto.AttributeType;
import io.adjoint.serialization.onnx.proto.FunctionProto;
import io.adjoint.serialization.onnx.proto.GraphProto;
import io.adjoint.serialization.onnx.proto.ModelProto;
import io.adjoint.serialization.onnx.proto.NodeProto;
import io.adjoint.serialization.onnx.proto.OperatorSetIdProto;
import io.adjoint.serialization.onnx.proto.SparseTensorProto;
import io.adjoint.serialization.onnx.proto.StringStringEntryProto;
import io.adjoint.serialization.onnx.proto.TensorProto;
import io.adjoint.serialization.onnx.proto.TensorProto.DataLocation;
import io.adjoint.serialization.onnx.proto.TrainingInfoProto;
import io.adjoint.serialization.onnx.proto.ValueInfoProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model whose tensors lie in another file is whole in another folder, wherever in the model it has them. */
class OnnxSaveElsewhereTest {
    private static final Tensor X = Tensor.of(new float[] {1, -2, 3});

    @TempDir
    private Path root;

    private Path from;
    private Path to;

    @BeforeEach
    void folders() throws IOException {
        from = Files.createDirectory(root.resolve("from")).resolve("model.onnx");
        to = Files.createDirectory(root.resolve("to")).resolve("model.onnx");
        ByteBuffer data = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
        data.putFloat(2).putFloat(3).putFloat(4).putLong(0).putLong(2).putFloat(5).putFloat(7);
        Files.write(from.resolveSibling("data"), data.array());
    }

    /** 2, 3 and 4, or some of these. */
    private static TensorProto.Builder floats(int elements) {
        return stored(1, elements, 0, 4);
    }

    private static TensorProto.Builder stored(int type, int elements, int offset, int wide) {
        return TensorProto.newBuilder().setDataType(type).addDims(elements).setDataLocation(DataLocation.EXTERNAL)
                .addExternalData(entry("location", "data")).addExternalData(entry("offset", "" + offset))
                .addExternalData(entry("length", "" + wide * elements));
    }

    /** 5, 0 and 7. */
    private static SparseTensorProto.Builder sparse(String name) {
        return SparseTensorProto.newBuilder().setValues(stored(1, 2, 28, 4).setName(name))
                .setIndices(stored(7, 2, 12, 8)).addDims(3);
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    private static AttributeProto.Builder tensor(String name, TensorProto.Builder value) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeType.TENSOR).setT(value);
    }

    private static AttributeProto.Builder sparseAttribute(String name) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeType.SPARSE_TENSOR)
                .setSparseTensor(sparse(""));
    }

    private static AttributeProto.Builder body(String name, GraphProto.Builder graph) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeType.GRAPH).setG(graph);
    }

    private static FunctionProto.Builder function(String name, NodeProto.Builder... nodes) {
        FunctionProto.Builder function = FunctionProto.newBuilder().setDomain("own").setName(name).addInput("a")
                .addOutput("b").addOpsetImport(imports("")).addOpsetImport(imports("own"));
        List.of(nodes).forEach(function::addNode);
        return function;
    }

    private static OperatorSetIdProto.Builder imports(String domain) {
        return OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(13);
    }

    private static NodeProto.Builder own(String text) {
        return node(text).setDomain("own");
    }

    private ModelProto.Builder calling(FunctionProto.Builder... functions) {
        ModelProto.Builder model = ModelProto.newBuilder().setGraph(GraphProto.newBuilder()
                .addInput(ValueInfoProto.newBuilder().setName("x")).addOutput(ValueInfoProto.newBuilder().setName("y"))
                .addNode(own("y = " + functions[0].getName() + " x"))).addOpsetImport(imports(""))
                .addOpsetImport(imports("own"));
        List.of(functions).forEach(model::addFunctions);
        return model;
    }

    private OnnxModel load(ModelProto.Builder model) throws IOException {
        Files.write(from, model.build().toByteArray());
        return Onnx.load(from);
    }

    /** Saves the model where no other file is. */
    private OnnxModel moved(OnnxModel model) throws IOException {
        model.save(to);
        try (var all = Files.list(to.getParent())) {
            assertEquals(List.of(to), all.toList());
        }
        return Onnx.load(to);
    }

    private void assertMoves(ModelProto.Builder model, float... expected) throws IOException {
        OnnxModel loaded = load(model);
        assertArrayEquals(expected, loaded.forward(X).toFloats());
        assertArrayEquals(expected, moved(loaded).forward(X).toFloats());
    }

    @Test
    void constantsOfFunctions() throws IOException {
        assertMoves(calling(function("Outer", own("b = Inner a")), function("Inner",
                node("c = Constant").addAttribute(tensor("value", floats(3))), node("b = Mul a c"))), 2, -6, 12);
    }

    @Test
    void defaultsOfFunctions() throws IOException {
        AttributeProto.Builder given = AttributeProto.newBuilder().setName("value").setRefAttrName("scale")
                .setType(AttributeType.TENSOR);
        assertMoves(calling(function("Scale", node("c = Constant").addAttribute(given), node("b = Mul a c"))
                .addAttributeProto(tensor("scale", floats(3)))), 2, -6, 12);
    }

    @Test
    void sparseConstants() throws IOException {
        assertMoves(calling(function("Scale", node("c = Constant").addAttribute(sparseAttribute("sparse_value")),
                node("b = Mul a c"))), 5, -0f, 21);
        ModelProto.Builder model = calling(function("Same", node("b = Identity a")));
        model.getGraphBuilder().addNode(0, node("c = Constant").addAttribute(sparseAttribute("sparse_value")))
                .addNode(1, node("z = Mul x c")).getNodeBuilder(2).setInput(0, "z");
        assertMoves(model, 5, -0f, 21);
    }

    /** What decides shapes is no variable. */
    @Test
    void sparseInitializersThatAreFixed() throws IOException {
        ModelProto.Builder model = calling(function("Same", node("b = Identity a")));
        model.getGraphBuilder().addSparseInitializer(SparseTensorProto.newBuilder()
                .setValues(stored(7, 1, 20, 8).setName("pads")).setIndices(stored(7, 1, 12, 8)).addDims(2))
                .addNode(0, node("z = Pad x pads")).getNodeBuilder(1).setInput(0, "z");
        assertMoves(model, 0, 0, 1, -2, 3);
    }

    private static NodeProto.Builder choice(GraphProto.Builder body) {
        return node("b = If go").addAttribute(body("then_branch", body)).addAttribute(body("else_branch", body));
    }

    private static NodeProto.Builder yes() {
        return node("go = Constant").addAttribute(
                tensor("value", TypedFields.add(TensorProto.newBuilder().setDataType(9), 1)));
    }

    /** Also those of graphs in functions, and sparse ones in graphs. */
    @Test
    void whatWasTrained() throws IOException {
        GraphProto.Builder dense = graph(List.of(), List.of("r"), "r = Mul a weight").toBuilder()
                .addInitializer(floats(3).setName("weight"));
        GraphProto.Builder thin = graph(List.of(), List.of("r"), "r = Mul a thin").toBuilder()
                .addSparseInitializer(sparse("thin"));
        for (GraphProto.Builder body : List.of(dense, thin)) {
            OnnxModel model = load(calling(function("Choose", yes(), choice(body))));
            List<String> names = new ArrayList<>(model.variables().keySet());
            model.variables().values().forEach(variable -> variable.set(Tensor.of(new float[] {10, 20, 30})));
            OnnxModel again = moved(model);
            assertArrayEquals(new float[] {10, -40, 90}, again.forward(X).toFloats());
            assertEquals(names, List.copyOf(again.variables().keySet()));
        }
    }

    /** It has tensors that were never read. */
    @Test
    void whatNothingUsesIsLeftOut() throws IOException {
        FunctionProto.Builder used = function("Same", node("b = Identity a"));
        FunctionProto.Builder plain = function("Plain", node("b = Neg a"));
        FunctionProto.Builder unused = function("Unused",
                node("c = Constant").addAttribute(tensor("value", floats(3))), node("b = Mul a c"));
        ModelProto.Builder model = calling(used, plain, unused).addTrainingInfo(TrainingInfoProto.newBuilder()
                .setInitialization(GraphProto.newBuilder().addInitializer(floats(3).setName("state"))));
        OnnxModel loaded = load(model);
        Files.delete(from.resolveSibling("data"));
        assertArrayEquals(X.toFloats(), moved(loaded).forward(X).toFloats());
        ModelProto saved = ModelProto.parseFrom(Files.readAllBytes(to));
        assertEquals(List.of("Same", "Plain"), saved.getFunctionsList().stream().map(FunctionProto::getName).toList());
        assertFalse(saved.toString().contains("location"), saved.toString());
    }
}
