package io.adjoint.serialization.onnx;

import static io.adjoint.serialization.onnx.ControlFlowOperatorsTest.graph;
import static io.adjoint.serialization.onnx.ControlFlowOperatorsTest.node;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.onnx.graph.Value;
import io.adjoint.serialization.onnx.proto.AttributeProto;
import io.adjoint.serialization.onnx.proto.AttributeProto.AttributeType;
import io.adjoint.serialization.onnx.proto.FunctionProto;
import io.adjoint.serialization.onnx.proto.GraphProto;
import io.adjoint.serialization.onnx.proto.ModelProto;
import io.adjoint.serialization.onnx.proto.NodeProto;
import io.adjoint.serialization.onnx.proto.OperatorSetIdProto;
import io.adjoint.serialization.onnx.proto.TensorProto;
import io.adjoint.serialization.onnx.proto.TensorShapeProto;
import io.adjoint.serialization.onnx.proto.TypeProto;
import io.adjoint.serialization.onnx.proto.ValueInfoProto;
import io.adjoint.serialization.onnx.read.Inspection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Operators that a model defines itself. */
class FunctionsTest {
    private static final Tensor X = Tensor.of(new float[] {1, -2, 3});

    private static OperatorSetIdProto imports(String domain, long version) {
        return OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version).build();
    }

    private static FunctionProto.Builder function(String name, List<String> inputs, List<String> outputs,
            NodeProto.Builder... nodes) {
        FunctionProto.Builder function = FunctionProto.newBuilder().setDomain("own").setName(name)
                .addAllInput(inputs).addAllOutput(outputs).addOpsetImport(imports("", 13))
                .addOpsetImport(imports("own", 1));
        for (NodeProto.Builder node : nodes) {
            function.addNode(node);
        }
        return function;
    }

    private static NodeProto.Builder own(String text) {
        return node(text).setDomain("own");
    }

    private static AttributeProto real(String name, float value) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeType.FLOAT).setF(value).build();
    }

    private static AttributeProto reference(String name, String to) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeType.FLOAT).setRefAttrName(to).build();
    }

    private static OnnxModel model(GraphProto graph, FunctionProto.Builder... functions) {
        ModelProto.Builder model = ModelProto.newBuilder().setGraph(graph).addOpsetImport(imports("", 13))
                .addOpsetImport(imports("own", 1));
        for (FunctionProto.Builder function : functions) {
            model.addFunctions(function);
        }
        return OnnxModel.of(Path.of("functions.onnx"), model.build());
    }

    private static GraphProto calling(NodeProto.Builder... nodes) {
        GraphProto.Builder graph = graph(List.of("x"), List.of("y")).toBuilder();
        for (NodeProto.Builder node : nodes) {
            graph.addNode(node);
        }
        return graph.build();
    }

    private static final FunctionProto.Builder LEAKY = function("Leaky", List.of("a"), List.of("b"),
            node("b = LeakyRelu a").addAttribute(reference("alpha", "slope")));

    @Test
    void attributesAreGivenOrDefaultOrLeftOut() {
        NodeProto.Builder plain = own("y = Leaky x");
        NodeProto.Builder given = plain.clone().addAttribute(real("slope", 0.5f));
        FunctionProto.Builder withDefault = LEAKY.clone().addAttributeProto(real("slope", 0.25f));
        assertArrayEquals(new float[] {1, -1, 3}, model(calling(given), LEAKY).forward(X).toFloats());
        assertArrayEquals(new float[] {1, -1, 3}, model(calling(given), withDefault).forward(X).toFloats());
        assertArrayEquals(new float[] {1, -0.5f, 3}, model(calling(plain), withDefault).forward(X).toFloats());
        assertArrayEquals(new float[] {1, -0.02f, 3}, model(calling(plain), LEAKY).forward(X).toFloats());
    }

    @Test
    void functionsCallFunctionsWithTheirAttributes() {
        FunctionProto.Builder twice = function("Twice", List.of("a"), List.of("c"),
                own("b = Leaky a").addAttribute(reference("slope", "outer")),
                own("c = Leaky b").addAttribute(real("slope", 2))).addAttribute("outer");
        OnnxModel model = model(calling(own("y = Twice x").addAttribute(real("outer", 0.5f))), twice, LEAKY);
        assertArrayEquals(new float[] {1, -2, 3}, model.forward(X).toFloats());
        assertEquals(-2, model.forward(Tensor.of(new float[] {-2}).tracked()).item());
    }

    @Test
    void namesInsideAreTheFunctionsOwn() {
        FunctionProto.Builder shadow = function("Shadow", List.of("y"), List.of("x"), node("x = Neg y"));
        assertArrayEquals(new float[] {-1, 2, -3}, model(calling(own("y = Shadow x")), shadow).forward(X).toFloats());
        FunctionProto.Builder outside = function("Outside", List.of("a"), List.of("b"), node("b = Add a x"));
        ModelFileException e =
                assertThrows(ModelFileException.class, () -> model(calling(own("y = Outside x")), outside));
        assertTrue(e.getMessage().contains("\"x\""), e.getMessage());
    }

    @Test
    void inputsMayBeLeftOut() {
        FunctionProto.Builder padded = function("Padded", List.of("a", "pads", "value"), List.of("b"),
                node("b = Pad a pads value"));
        GraphProto graph =
                calling(node("pads = Constant").addAttribute(ControlFlowOperatorsTest.ints("value_ints", 1, 0)),
                        own("y = Padded x pads"));
        assertArrayEquals(new float[] {0, 1, -2, 3}, model(graph, padded).forward(X).toFloats());
    }

    @Test
    void graphsInsideSeeNamesAndAttributesOfTheFunction() {
        GraphProto scaled = GraphProto.newBuilder(graph(List.of(), List.of("r"))).addNode(node("r = LeakyRelu a")
                .addAttribute(reference("alpha", "slope"))).build();
        GraphProto weighted = graph(List.of(), List.of("w"), "w = Mul a weight").toBuilder()
                .addInitializer(TypedFields.add(TensorProto.newBuilder().setName("weight").setDataType(1), 3)).build();
        FunctionProto.Builder choice = function("Choice", List.of("go", "a"), List.of("b"),
                node("b = If go").addAttribute(body("then_branch", scaled))
                        .addAttribute(body("else_branch", weighted)));
        GraphProto graph = graph(List.of("go", "x"), List.of("y")).toBuilder()
                .addNode(own("y = Choice go x").addAttribute(real("slope", 0.5f))).build();
        OnnxModel model = model(graph, choice);
        assertArrayEquals(new float[] {1, -1, 3}, run(model, true).toFloats());
        assertArrayEquals(new float[] {3, -6, 9}, run(model, false).toFloats());
        assertEquals(List.of("weight"), List.copyOf(model.parts().keySet()));
    }

    private static AttributeProto body(String name, GraphProto graph) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeType.GRAPH).setG(graph).build();
    }

    private static Tensor run(OnnxModel model, boolean go) {
        return model.compute(List.of(Value.of(Tensor.of(new boolean[] {go})), Value.of(X))).getFirst().tensor();
    }

    @Test
    void recursionIsRefused() {
        FunctionProto.Builder first = function("First", List.of("a"), List.of("b"), own("b = Second a"));
        FunctionProto.Builder second = function("Second", List.of("a"), List.of("b"), own("b = First a"));
        ModelFileException e =
                assertThrows(ModelFileException.class, () -> model(calling(own("y = First x")), first, second));
        assertTrue(e.getMessage().contains("calls itself"), e.getMessage());
        assertThrows(ModelFileException.class, () -> model(calling(own("y = Leaky x")), LEAKY, LEAKY));
    }

    @Test
    void depthIsLimited() {
        assertArrayEquals(X.toFloats(), model(calling(own("y = F0 x")), chain(60)).forward(X).toFloats());
        assertThrows(ModelFileException.class, () -> model(calling(own("y = F0 x")), chain(70)));
    }

    private static FunctionProto.Builder[] chain(int length) {
        List<FunctionProto.Builder> all = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            all.add(function("F" + i, List.of("a"), List.of("b"), own("b = F" + (i + 1) + " a")));
        }
        all.add(function("F" + length, List.of("a"), List.of("b"), node("b = Identity a")));
        return all.toArray(FunctionProto.Builder[]::new);
    }

    @Test
    void aFunctionComesBeforeAnOperatorOfItsName() {
        FunctionProto.Builder relu =
                function("Relu", List.of("a"), List.of("b"), node("b = Neg a")).setDomain("ai.onnx");
        assertArrayEquals(new float[] {-1, 2, -3}, model(calling(node("y = Relu x")), relu).forward(X).toFloats());
        ModelFileException e = assertThrows(ModelFileException.class, () -> model(calling(own("y = Outer x")),
                function("Outer", List.of("a"), List.of("b"), own("b = Unknown a"))));
        assertTrue(e.getMessage().contains("own.Unknown"), e.getMessage());
    }

    /** Wherever they are, and whatever else of them is not understood. */
    @Test
    void allUnsupportedOperatorsAreNamedAtOnce() {
        NodeProto.Builder[] many = new NodeProto.Builder[23];
        for (int i = 0; i < many.length; i++) {
            many[i] = own("m" + i + " = Many x").setName(i % 2 == 0 ? "many" + i : "");
        }
        GraphProto inside = graph(List.of(), List.of("r"), "r = Inside x");
        GraphProto graph = calling(many).toBuilder()
                .addInitializer(TensorProto.newBuilder().setName("words").setDataType(8).addDims(0))
                .addNode(own("o = Once words").addAttribute(AttributeProto.newBuilder().setName("type")
                        .setType(AttributeType.TYPE_PROTO)).addAttribute(body("body", inside)))
                .addNode(own("y = Outer x")).build();
        FunctionProto.Builder outer =
                function("Outer", List.of("a"), List.of("b"), own("c = Deep a"), own("b = Deep c"));
        FunctionProto.Builder uncalled = function("Uncalled", List.of("a"), List.of("b"), own("b = Never a"));
        ModelFileException e =
                assertThrows(ModelFileException.class, () -> model(graph, outer, uncalled));
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            names.append(i == 0 ? "" : ", ").append(i % 2 == 0 ? "\"many" + i + "\"" : "\"m" + i + "\"");
        }
        assertEquals("functions.onnx: it needs operators that are not supported: Inside (1 node: \"r\"), "
                + "own.Deep (2 nodes: \"c\", \"b\"), own.Many (23 nodes: " + names + " and 3 more), "
                + "own.Once (1 node: \"o\"); export it with other operators, or as functions of supported ones",
                e.getMessage());
    }

    /** A default may be a graph, whose nodes are as much a part of the function as its own. */
    @Test
    void operatorsOfDefaultsAreNamedToo() {
        FunctionProto.Builder odd = function("Odd", List.of("a"), List.of("b"), node("b = Neg a"))
                .addAttributeProto(body("g", graph(List.of(), List.of("z"), "z = Nowhere")));
        ModelFileException e = assertThrows(ModelFileException.class, () -> model(calling(own("y = Odd x")), odd));
        assertTrue(e.getMessage().contains("operators that are not supported: Nowhere (1 node: \"z\")"),
                e.getMessage());
    }

    /** What inspecting a file says of it is what loading it says. */
    @Test
    void inspectionFindsWhatLoadingRefuses() {
        FunctionProto.Builder odd = function("Odd", List.of("a"), List.of("b"), node("b = Neg a"))
                .addAttributeProto(body("g", graph(List.of(), List.of("z"), "z = Nowhere")));
        ModelProto.Builder model = ModelProto.newBuilder().addFunctions(odd)
                .setGraph(calling(own("y = Odd x"), own("z = Odd x").setOverload("other")));
        OnnxSummary summary = Inspection.of(model.build());
        assertEquals(List.of("Nowhere", "own.Odd"), List.copyOf(summary.unsupported()));
        assertEquals(1, summary.operators().get("Nowhere"));
    }

    /** An extent without a name is not the same as others without one. */
    @Test
    void emptyNamesOfExtentsAreNone() {
        ValueInfoProto matrix = ValueInfoProto.newBuilder().setName("x").setType(TypeProto.newBuilder().setTensorType(
                TypeProto.Tensor.newBuilder().setElemType(1).setShape(TensorShapeProto.newBuilder()
                        .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam(""))
                        .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("")))))
                .build();
        OnnxModel model = model(calling(node("y = Neg x")).toBuilder().setInput(0, matrix).build());
        assertArrayEquals(new float[] {-1, 2, -3, 4, -5, 6},
                model.forward(Tensor.of(new float[] {1, -2, 3, -4, 5, -6}, 2, 3)).toFloats());
        assertEquals("x float[?, ?]", model.inputs().getFirst().toString());
    }

    private static TensorProto floats(String name, long... values) {
        return TypedFields.add(TensorProto.newBuilder().setName(name).setDataType(1).addDims(values.length), values)
                .build();
    }

    /** What an initializer is for is told by the node that reads it, wherever that is. */
    @Test
    void rolesAreThoseOfTheNodesInside() {
        String norm = " = BatchNormalization a s s m v";
        GraphProto normed = graph(List.of(), List.of("r"), "r" + norm.replace(" a ", " x "));
        GraphProto hidden = graph(List.of(), List.of("m"), "m = Neg x");
        FunctionProto.Builder inner = function("Inner", List.of("a", "s", "m", "v"), List.of("b"), node("b" + norm));
        FunctionProto.Builder outer = function("Outer", List.of("a", "s", "m", "v"), List.of("b"),
                own("b = Inner a s m v"));
        GraphProto choosing = graph(List.of("go", "x"), List.of("y")).toBuilder().addNode(node("y = If go")
                .addAttribute(body("then_branch", normed)).addAttribute(body("else_branch", hidden))).build();
        for (GraphProto graph : List.of(choosing, calling(own("y = Outer x s m v")))) {
            GraphProto weighted = graph.toBuilder().addInitializer(floats("s", 1, 2))
                    .addInitializer(floats("m", 0, 1)).addInitializer(floats("v", 1, 1)).build();
            OnnxModel model = model(weighted, inner, outer);
            assertEquals(List.of("s", "m", "v"), List.copyOf(model.variables().keySet()));
            assertEquals(List.of(model.variables().get("s")), model.parameters());
        }
        GraphProto resized = graph(List.of(), List.of("r"), "r = Resize x _ scales");
        GraphProto resizing = graph(List.of("go", "x"), List.of("y")).toBuilder().addNode(node("y = If go")
                .addAttribute(body("then_branch", resized)).addAttribute(body("else_branch", resized)))
                .addInitializer(floats("scales", 1, 1, 2, 2)).build();
        assertEquals(List.of(), List.copyOf(model(resizing).variables().keySet()));
    }
}
