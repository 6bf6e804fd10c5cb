package io.adjoint.serialization.onnx;

import static io.adjoint.serialization.onnx.ControlFlowOperatorsTest.graph;
import static io.adjoint.serialization.onnx.ControlFlowOperatorsTest.ints;
import static io.adjoint.serialization.onnx.ControlFlowOperatorsTest.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.adjoint.serialization.HostileFiles;
import io.adjoint.serialization.Mutations;
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
import io.adjoint.serialization.onnx.proto.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mutated ONNX files: by the byte, and by the message, so that what comes after a sound protobuf message is reached too. */
class OnnxHostileFilesTest {
    private static final String NAME = "hostile.onnx";
    private static final int DATA = 64;

    @TempDir
    Path folder;

    private HostileFiles files() {
        return HostileFiles.of(folder.resolve(NAME), file -> {
            Onnx.inspect(file).toString();
            Onnx.load(file).constants().toString();
        });
    }

    private static void assertBothKinds(HostileFiles.Tally tally) {
        assertTrue(tally.read() > 0 && tally.refused() > tally.read() / 8, tally.toString());
    }

    @Test
    void mutatedFiles() throws IOException {
        assertBothKinds(files().mutationsOf(weights().toByteArray(), control().toByteArray(), functions().toByteArray(),
                nested().toByteArray(), early().toByteArray()));
    }

    @Test
    void mutatedMessages() throws IOException {
        List<ModelProto> models = List.of(weights(), control(), functions(), nested(), early());
        assertBothKinds(files().check(random -> {
            ModelProto mutated = models.get(random.nextInt(models.size()));
            for (int i = random.nextInt(3); i >= 0; i--) {
                mutated = (ModelProto) MessageMutations.mutate(random, mutated);
            }
            byte[] bytes = mutated.toByteArray();
            return random.nextInt(4) == 0 ? Mutations.mutate(random, bytes) : bytes;
        }));
    }

    @Test
    void sparseTensorsTogetherHaveALimit() throws IOException {
        GraphProto.Builder graph = GraphProto.newBuilder();
        for (int i = 0; i < 100; i++) {
            graph.addSparseInitializer(
                    sparse("s" + i, TypedFields.add(tensor("", ElementType.INT64, 2), 1, 7), 1 << 19));
        }
        HostileFiles.Tally tally = files().checkEach(model(graph, 8).toByteArray(), early().toByteArray());
        assertEquals(new HostileFiles.Tally(1, 1), tally);
    }

    /** Each of thousands of small graphs sees thousands of names, and some names are there thousands of times. */
    @Test
    void graphsShareWhatIsAroundThem() throws IOException {
        GraphProto.Builder graph = GraphProto.newBuilder().addInput(ValueInfoProto.newBuilder().setName("go"));
        for (int i = 0; i < 5_000; i++) {
            graph.addInput(ValueInfoProto.newBuilder().setName("x" + i));
        }
        GraphProto branch = graph(List.of(), List.of("w")).toBuilder()
                .addInitializer(TypedFields.add(tensor("w", ElementType.FLOAT, 1), 2)).build();
        for (int i = 0; i < 1_500; i++) {
            graph.addNode(node("y" + i + " = If go").addAttribute(body("then_branch", branch))
                    .addAttribute(body("else_branch", branch)));
        }
        assertEquals(new HostileFiles.Tally(1, 0), files().checkEach(model(graph, 8).toByteArray()));
    }

    // ---- valid models

    private static ModelProto model(GraphProto.Builder graph, int irVersion) {
        return ModelProto.newBuilder().setIrVersion(irVersion).setProducerName("test").setDocString("a \"note\"")
                .addOpsetImport(imports("", 13)).addOpsetImport(imports("own", 1))
                .addMetadataProps(StringStringEntryProto.newBuilder().setKey("key").setValue("value")).setGraph(graph)
                .build();
    }

    private static OperatorSetIdProto imports(String domain, long version) {
        return OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version).build();
    }

    private static TensorProto.Builder tensor(String name, ElementType type, long... dims) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(type.number());
        for (long dim : dims) {
            tensor.addDims(dim);
        }
        return tensor;
    }

    private static StringStringEntryProto entry(String key, Object value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value.toString()).build();
    }

    /** Each element type in both kinds of fields; external data, for which the model is its own file; sparse tensors. */
    private static ModelProto weights() {
        GraphProto.Builder graph = graph(List.of("x"), List.of("y"), "y = Add x dense").toBuilder();
        for (ElementType type : ElementType.values()) {
            graph.addInitializer(tensor("raw_" + type, type, 2, 1).setRawData(ByteString.copyFrom(new byte[2 * Elements
                    .bytes(type)])));
            graph.addInitializer(TypedFields.add(tensor("typed_" + type, type, 1, 2), 1, 2));
        }
        graph.addInitializer(TypedFields.add(tensor("dense", ElementType.FLOAT, 3), 1, 2, 3));
        graph.addInitializer(tensor("outside", ElementType.FLOAT, 4, 4).setDataLocation(DataLocation.EXTERNAL)
                .addExternalData(entry("location", NAME)).addExternalData(entry("offset", 8))
                .addExternalData(entry("length", DATA)));
        graph.addSparseInitializer(
                sparse("sparse", TypedFields.add(tensor("", ElementType.INT64, 2, 2), 0, 1, 2, 3), 3, 4));
        graph.addSparseInitializer(sparse("linear", TypedFields.add(tensor("", ElementType.INT64, 2), 1, 7),
                3, 4));
        return model(graph, 8);
    }

    private static SparseTensorProto sparse(String name, TensorProto.Builder indices, long... dims) {
        SparseTensorProto.Builder sparse = SparseTensorProto.newBuilder().setIndices(indices)
                .setValues(TypedFields.add(tensor(name, ElementType.FLOAT, 2), 5, 6));
        for (long dim : dims) {
            sparse.addDims(dim);
        }
        return sparse.build();
    }

    private static AttributeProto body(String name, GraphProto graph) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeType.GRAPH).setG(graph).build();
    }

    private static ModelProto control() {
        GraphProto inner = graph(List.of("i", "on", "a"), List.of("on", "b"), "b = Mul a w").toBuilder()
                .addInitializer(TypedFields.add(tensor("w", ElementType.FLOAT, 1), 2)).build();
        GraphProto outer = graph(List.of(), List.of("r"), "n = Size x").toBuilder()
                .addNode(node("r = Loop n go x").addAttribute(body("body", inner))).build();
        GraphProto.Builder graph = graph(List.of("go", "x"), List.of("y")).toBuilder()
                .addNode(node("z = If go").addAttribute(body("then_branch", outer))
                        .addAttribute(body("else_branch", graph(List.of(), List.of("e"), "e = Neg x"))))
                .addNode(node("s = Scan z z").addOutput("seen").addAttribute(body("body", graph(List.of("sum", "in"),
                        List.of("next", "copy"), "next = Add sum in", "copy = Identity next"))))
                .addNode(node("c = Constant").addAttribute(ints("value_ints", 1, 2, 3)))
                .addNode(node("y = Add seen s").addAttribute(AttributeProto.newBuilder().setName("note")
                        .setType(AttributeType.TENSOR).setT(tensor("t", ElementType.INT64, 0))));
        return model(graph, 8);
    }

    private static ModelProto functions() {
        FunctionProto leaky = FunctionProto.newBuilder().setDomain("own").setName("Leaky").addInput("a").addOutput("b")
                .addAttribute("slope").addOpsetImport(imports("", 13))
                .addNode(node("b = LeakyRelu a").addAttribute(AttributeProto.newBuilder().setName("alpha")
                        .setType(AttributeType.FLOAT).setRefAttrName("slope")))
                .build();
        FunctionProto twice = FunctionProto.newBuilder().setDomain("own").setName("Twice").addInput("a").addOutput("b")
                .addOpsetImport(imports("own", 1))
                .addAttributeProto(AttributeProto.newBuilder().setName("slope").setType(AttributeType.FLOAT).setF(2))
                .addNode(node("c = Leaky a").setDomain("own")).addNode(node("b = Leaky c").setDomain("own")).build();
        NodeProto.Builder call = node("y = Twice x").setDomain("own");
        return model(graph(List.of("x"), List.of("y")).toBuilder().addNode(call), 10).toBuilder().addFunctions(leaky)
                .addFunctions(twice).build();
    }

    private static FunctionProto.Builder function(String name) {
        return FunctionProto.newBuilder().setDomain("own").setName(name).addInput("go").addInput("a").addOutput("b")
                .addOpsetImport(imports("", 13)).addOpsetImport(imports("own", 1));
    }

    /** A function that calls one from inside of a graph, which runs a graph that it is given or has by default. */
    private static ModelProto nested() {
        GraphProto constant = graph(List.of(), List.of("c"), "c = Constant");
        constant = constant.toBuilder().setNode(0, constant.getNode(0).toBuilder().addAttribute(ints("value_ints", 1)))
                .build();
        NodeProto.Builder choice = node("b = If go").addAttribute(body("then_branch", constant))
                .addAttribute(AttributeProto.newBuilder().setName("else_branch").setType(AttributeType.GRAPH)
                        .setRefAttrName("given"));
        NodeProto.Builder call = node("r = Inner go a").setDomain("own");
        GraphProto calling = graph(List.of(), List.of("r")).toBuilder()
                .addNode(call.clone().addAttribute(body("given", constant))).build();
        GraphProto byDefault = graph(List.of(), List.of("r")).toBuilder().addNode(call).build();
        NodeProto.Builder outer = node("b = If go").addAttribute(body("then_branch", calling))
                .addAttribute(body("else_branch", byDefault));
        return model(
                graph(List.of("go", "x"), List.of("y")).toBuilder().addNode(node("y = Outer go x").setDomain("own")),
                10).toBuilder().addFunctions(function("Outer").addNode(outer))
                .addFunctions(function("Inner").addNode(choice).addAttributeProto(body("given", constant))).build();
    }

    /** Initializers are inputs too, attributes have no types. */
    private static ModelProto early() {
        GraphProto.Builder graph = graph(List.of("x", "w", "scale", "mean"), List.of("y"), "z = MatMul x w",
                "n = BatchNormalization z scale scale mean scale").toBuilder()
                .addInitializer(tensor("w", ElementType.FLOAT, 2, 2).setRawData(ByteString.copyFrom(new byte[16])))
                .addInitializer(TypedFields.add(tensor("scale", ElementType.FLOAT, 2), 1, 2))
                .addInitializer(TypedFields.add(tensor("mean", ElementType.FLOAT, 2), 1, 2))
                .addNode(node("y = Transpose n").addAttribute(ints("perm", 1, 0).clearType()));
        List<ValueInfoProto> inputs = new ArrayList<>(graph.getInputList());
        ValueInfoProto.Builder x = inputs.getFirst().toBuilder();
        x.getTypeBuilder().getTensorTypeBuilder().setElemType(1).getShapeBuilder().addDim(
                x.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder().addDimBuilder().setDimParam("n"));
        return model(graph.setInput(0, x), 3);
    }

    /** The fields in which elements stand. */
    private static final class Elements {
        private Elements() {}

        static int bytes(ElementType type) {
            return switch (type) {
                case UINT8, INT8, BOOL -> 1;
                case FLOAT16, BFLOAT16, UINT16, INT16 -> 2;
                case FLOAT, INT32, UINT32 -> 4;
                case DOUBLE, INT64, UINT64 -> 8;
            };
        }
    }
}
