package io.adjoint.serialization.onnx;

import static io.adjoint.serialization.onnx.ControlFlowOperatorsTest.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.proto.AttributeProto;
import io.adjoint.serialization.onnx.proto.AttributeProto.AttributeType;
import io.adjoint.serialization.onnx.proto.FunctionProto;
import io.adjoint.serialization.onnx.proto.GraphProto;
import io.adjoint.serialization.onnx.proto.ModelProto;
import io.adjoint.serialization.onnx.proto.NodeProto;
import io.adjoint.serialization.onnx.proto.OperatorSetIdProto;
import io.adjoint.serialization.onnx.proto.SparseTensorProto;
import io.adjoint.serialization.onnx.proto.TensorProto;
import io.adjoint.serialization.onnx.proto.ValueInfoProto;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a file keeps is a variable or a constant, and each tensor is one of them once. */
class StoredTensorsTest {
    private static TensorProto tensor(String name, ElementType type, long... values) {
        return TypedFields.add(TensorProto.newBuilder().setName(name).setDataType(type.number())
                .addDims(values.length), values).build();
    }

    private static NodeProto constant(String name, ElementType type, long... values) {
        return node(name + " = Constant").addAttribute(AttributeProto.newBuilder().setName("value")
                .setType(AttributeType.TENSOR).setT(tensor("", type, values))).build();
    }

    private static AttributeProto body(String name, GraphProto.Builder graph) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeType.GRAPH).setG(graph).build();
    }

    private static ValueInfoProto info(String name) {
        return ValueInfoProto.newBuilder().setName(name).build();
    }

    private static OperatorSetIdProto imports(String domain, int version) {
        return OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version).build();
    }

    private static OnnxModel model(ModelProto.Builder model) {
        return OnnxModel.of(Path.of("stored.onnx"), model.setIrVersion(9).addOpsetImport(imports("", 20))
                .addOpsetImport(imports("own", 1)).build());
    }

    private static Map<String, String> specs(Map<String, Tensor> tensors) {
        Map<String, String> specs = new LinkedHashMap<>();
        tensors.forEach((name, value) -> specs.put(name, value.spec().toString()));
        return specs;
    }

    @Test
    void quantisedWeights() {
        SparseTensorProto sparse = SparseTensorProto.newBuilder().setValues(tensor("sparse", ElementType.INT64, 5, 7))
                .setIndices(tensor("", ElementType.INT64, 1, 3)).addDims(4).build();
        OnnxModel model = model(ModelProto.newBuilder().setGraph(GraphProto.newBuilder().addInput(info("x"))
                .addInput(info("default")).addOutput(info("y"))
                .addInitializer(tensor("weight", ElementType.INT8, -128, 127, 3))
                .addInitializer(tensor("scale", ElementType.FLOAT, 2))
                .addInitializer(tensor("default", ElementType.UINT8, 200))
                .addInitializer(tensor("shape", ElementType.INT64, 3))
                .addSparseInitializer(sparse)
                .addNode(constant("flag", ElementType.BOOL, 1, 0))
                .addNode(node("w = DequantizeLinear weight scale"))
                .addNode(node("z = Add x w")).addNode(node("y = Reshape z shape"))));
        assertEquals(List.of("scale"), List.copyOf(model.variables().keySet()));
        assertEquals(Map.of("weight", "I32[3]", "default", "I32[1]", "shape", "I64[1]", "sparse", "I64[4]", "flag",
                "BOOL[2]"), specs(model.constants()));
        assertEquals(List.of("weight", "default", "shape", "sparse", "flag"), List.copyOf(model.constants().keySet()));
        assertEquals(-128, model.constants().get("weight").toInts()[0]);
        assertEquals(5, model.constants().get("sparse").toLongs()[1]);
        assertThrows(UnsupportedOperationException.class, () -> model.constants().clear());
    }

    /** Those in branches, functions and graphs that functions have by default too; a name that is there before gets a number, and variables keep theirs. */
    @Test
    void insideOfGraphsAndFunctions() {
        GraphProto.Builder then = GraphProto.newBuilder().setName("then").addOutput(info("r"))
                .addInitializer(tensor("w", ElementType.FLOAT, 4)).addNode(constant("c", ElementType.FLOAT, 9))
                .addNode(node("q = Mul s w")).addNode(node("r = Add q c"));
        GraphProto.Builder otherwise = GraphProto.newBuilder().setName("else").addOutput(info("o"))
                .addInitializer(tensor("index", ElementType.INT32, 0)).addNode(node("o = Gather s index"));
        OnnxModel model = model(ModelProto.newBuilder()
                .addFunctions(FunctionProto.newBuilder().setDomain("own").setName("Shift").addInput("a").addOutput("b")
                        .addOpsetImport(imports("", 20)).addNode(constant("c", ElementType.FLOAT, 1))
                        .addNode(node("b = Add a c")).addAttributeProto(body("otherwise", GraphProto.newBuilder()
                                .addOutput(info("d")).addNode(constant("d", ElementType.FLOAT, 6)))))
                .setGraph(GraphProto.newBuilder().setName("main").addInput(info("x")).addOutput(info("y"))
                        .addInitializer(tensor("go", ElementType.BOOL, 1))
                        .addNode(constant("w", ElementType.FLOAT, 2)).addNode(node("m = Mul x w"))
                        .addNode(node("s = Shift m").setDomain("own"))
                        .addNode(node("y = If go").addAttribute(body("then_branch", then))
                                .addAttribute(body("else_branch", otherwise)))));
        assertEquals(List.of("w"), List.copyOf(model.variables().keySet()));
        assertEquals(List.of("go", "w_2", "c", "index", "c_2", "d"), List.copyOf(model.constants().keySet()));
        assertEquals(9, model.constants().get("c").item());
        assertEquals(1, model.constants().get("c_2").item());
        assertEquals(2, model.constants().get("w_2").item());
    }
}
