package io.adjoint.serialization.onnx;

import static io.adjoint.serialization.onnx.ControlFlowOperatorsTest.graph;
import static io.adjoint.serialization.onnx.ControlFlowOperatorsTest.node;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.onnx.proto.AttributeProto;
import io.adjoint.serialization.onnx.proto.AttributeProto.AttributeType;
import io.adjoint.serialization.onnx.proto.FunctionProto;
import io.adjoint.serialization.onnx.proto.GraphProto;
import io.adjoint.serialization.onnx.proto.ModelProto;
import io.adjoint.serialization.onnx.proto.NodeProto;
import io.adjoint.serialization.onnx.proto.OperatorSetIdProto;
import io.adjoint.serialization.onnx.proto.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Graphs inside of graphs, and functions that call functions: as deep as they may be they run, and deeper ones are refused. */
class OnnxNestingTest {
    private static final Tensor X = Tensor.of(new float[] {1, -2, 3});
    /** Less than threads have unless said otherwise. */
    private static final long STACK = 512 << 10;

    @TempDir
    Path folder;

    private static AttributeProto.Builder body(String name, GraphProto graph) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeType.GRAPH).setG(graph);
    }

    /** A node, so many graphs inside: {@code y} from {@code x} and a constant {@code yes}. */
    private static NodeProto.Builder nested(int graphs, NodeProto.Builder innermost) {
        NodeProto.Builder node = innermost;
        for (int i = 0; i < graphs; i++) {
            GraphProto inside = graph(List.of(), List.of("y")).toBuilder().addNode(node).build();
            node = node("y = If yes").addAttribute(body("then_branch", inside)).addAttribute(body("else_branch", inside
                    .toBuilder().clearNode().addNode(node("y = Neg x")).build()));
        }
        return node;
    }

    private static NodeProto.Builder yes() {
        return node("yes = Cast one").addAttribute(AttributeProto.newBuilder().setName("to").setType(AttributeType.INT)
                .setI(ElementType.BOOL.number()));
    }

    private static NodeProto.Builder one() {
        return node("one = Constant").addAttribute(AttributeProto.newBuilder().setName("value_int")
                .setType(AttributeType.INT).setI(1));
    }

    private static OperatorSetIdProto imports(String domain) {
        return OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(13).build();
    }

    /** So many functions, each of which calls the next from inside of so many graphs; in the file they are in either order. */
    private static ModelProto model(int functions, int graphs, boolean isCalledFromTheLast) {
        ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(10).addOpsetImport(imports(""))
                .addOpsetImport(imports("own"));
        GraphProto.Builder main = GraphProto.newBuilder().addInput(ValueInfoProto.newBuilder().setName("x"))
                .addOutput(ValueInfoProto.newBuilder().setName("y"));
        for (int i = functions - 1; i >= 0; i--) {
            if (isCalledFromTheLast) { // so that each is known when another calls it
                main.addNode(node("z" + i + " = F" + i + " x").setDomain("own"));
            }
            NodeProto.Builder innermost = i == functions - 1 ? node("y = Abs x")
                    : node("y = F" + (i + 1) + " x").setDomain("own");
            model.addFunctions(FunctionProto.newBuilder().setDomain("own").setName("F" + i).addInput("x").addOutput("y")
                    .addOpsetImport(imports("")).addOpsetImport(imports("own")).addNode(one()).addNode(yes())
                    .addNode(nested(graphs, innermost)));
        }
        return model.setGraph(main.addNode(node("y = F0 x").setDomain("own"))).build();
    }

    private Path write(ModelProto model) throws IOException {
        return Files.write(folder.resolve("nested.onnx"), model.toByteArray());
    }

    private static <T> T onASmallStack(Callable<T> body) throws Exception {
        FutureTask<T> task = new FutureTask<>(body);
        Thread thread = new Thread(null, task, "small", STACK);
        thread.start();
        thread.join();
        return task.get();
    }

    private String refusal(ModelProto model) throws Exception {
        Path file = write(model);
        return onASmallStack(() -> {
            Onnx.inspect(file).toString();
            return assertThrows(ModelFileException.class, () -> Onnx.load(file)).getMessage();
        });
    }

    /** Loaded, looked into, run, traced, compiled, saved and written as Java. */
    private void assertWorks(ModelProto model) throws Exception {
        Path file = write(model);
        float[] expected = X.abs().toFloats();
        onASmallStack(() -> {
            assertTrue(Onnx.inspect(file).toString().contains("Abs"));
            OnnxModel loaded = Onnx.load(file);
            assertTrue(loaded.constants().containsKey("one"));
            assertArrayEquals(expected, loaded.forward(X).toFloats());
            assertArrayEquals(expected, Program.compile((Tensor x) -> loaded.forward(x)).apply(X).toFloats());
            assertEquals(1, Graph.trace(loaded::forward, X.spec()).outputs().size());
            Path copy = folder.resolve("copy.onnx");
            loaded.save(copy);
            assertArrayEquals(expected, Onnx.load(copy).forward(X).toFloats());
            JavaExport.of(loaded).shape("x", 3).write(folder);
            return null;
        });
    }

    @Test
    void asDeepAsMayBe() throws Exception {
        assertWorks(model(1, 30, false)); // as deep as protobuf reads
        assertWorks(model(2, 30, false));
        assertWorks(model(62, 0, false));
        assertWorks(model(12, 4, true));
    }

    @Test
    void deeper() throws Exception {
        String message =
                "its graphs and functions are within each other more than 64 deep; export it with fewer levels";
        assertEquals(folder.resolve("nested.onnx") + ": " + message, refusal(model(64, 30, false)));
        for (boolean isCalledFromTheLast : List.of(false, true)) {
            for (ModelProto model : List.of(model(64, 30, isCalledFromTheLast),
                    model(64, 0, isCalledFromTheLast), model(13, 4, isCalledFromTheLast),
                    model(3, 30, isCalledFromTheLast))) {
                assertTrue(refusal(model).endsWith(message));
            }
        }
    }

    /** Also graphs in what says that it is of another sort. */
    @Test
    void deeperInAttributesThatAreNotRead() throws Exception {
        ModelProto.Builder model = model(200, 2, false).toBuilder();
        model.getFunctionsBuilderList().forEach(function -> function.getNodeBuilderList()
                .forEach(node -> node.getAttributeBuilderList().forEach(attribute -> {
                    if (attribute.hasG()) {
                        attribute.setType(AttributeType.INT);
                    }
                })));
        assertTrue(refusal(model.build()).contains("more than 64 deep"));
    }

    /** So many functions, each of which calls the next from four graphs. */
    private static ModelProto callingTwice(int functions) {
        ModelProto.Builder model = model(functions, 0, false).toBuilder();
        for (int i = 0; i < functions - 1; i++) {
            String next = " = F" + (i + 1) + " ";
            FunctionProto.Builder function = model.getFunctionsBuilder(functions - 1 - i);
            function.clearNode().addNode(one()).addNode(yes());
            for (String text : List.of("a" + next + "x", "y" + next + "a")) {
                NodeProto.Builder call = node(text).setDomain("own");
                GraphProto inside = graph(List.of(), List.of(call.getOutput(0))).toBuilder().addNode(call).build();
                function.addNode(node(call.getOutput(0) + " = If yes").addAttribute(body("then_branch", inside))
                        .addAttribute(body("else_branch", inside)));
            }
        }
        return model.build();
    }

    /** Each function is looked into once, however often it is called. To run this would take a thousand million calls. */
    @Test
    void functionsThatAreCalledTwice() throws Exception {
        Path file = write(callingTwice(30));
        onASmallStack(() -> {
            assertTrue(Onnx.inspect(file).toString().contains("own.F29"));
            OnnxModel loaded = Onnx.load(file);
            assertEquals(30, loaded.constants().size());
            Path copy = folder.resolve("copy.onnx");
            loaded.save(copy);
            assertEquals(30, Onnx.load(copy).constants().size());
            return null;
        });
    }

    private static NodeProto.Builder choosing(String graph) {
        NodeProto.Builder node = node("y = If yes");
        for (String branch : List.of("then_branch", "else_branch")) {
            node.addAttribute(AttributeProto.newBuilder().setName(branch).setType(AttributeType.GRAPH)
                    .setRefAttrName(graph));
        }
        return node;
    }

    private static ModelProto running(List<FunctionProto> functions, NodeProto.Builder... nodes) {
        GraphProto.Builder main = graph(List.of("x"), List.of("y")).toBuilder().addNode(one()).addNode(yes());
        List.of(nodes).forEach(main::addNode);
        return ModelProto.newBuilder().setIrVersion(10).addOpsetImport(imports("")).addOpsetImport(imports("own"))
                .addAllFunctions(functions).setGraph(main).build();
    }

    private static FunctionProto.Builder function(String name) {
        return FunctionProto.newBuilder().setDomain("own").setName(name).addInput("x").addOutput("y")
                .addOpsetImport(imports(""))
                .addOpsetImport(imports("own")).addNode(one()).addNode(yes());
    }

    /** A function may run a graph that it is given, and a gradient the nodes around it: so they may lead to themselves. */
    private static List<ModelProto> deeperThanTheyLook() {
        List<FunctionProto> chain = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            GraphProto next = graph(List.of(), List.of("y")).toBuilder()
                    .addNode(node("y = F" + (i + 1)).setDomain("own")).build();
            chain.add(function("F" + i).addNode(nested(20, choosing("g"))).addAttributeProto(body("g", next)).build());
        }
        chain.add(function("F20").addNode(node("y = Abs one")).build());
        GraphProto again = graph(List.of(), List.of("y")).toBuilder().addNode(choosing("g")).build();
        return List.of(running(chain, node("y = F0").setDomain("own")),
                running(List.of(function("Own").addNode(choosing("g")).build()),
                        node("y = Own").setDomain("own").addAttribute(body("g", again))),
                running(List.of(), node("y = Gradient x").setDomain("ai.onnx.preview.training")
                        .addAttribute(AttributeProto.newBuilder().setName("xs").setType(AttributeType.STRINGS)
                                .addStrings(ByteString.copyFromUtf8("x")))
                        .addAttribute(AttributeProto.newBuilder().setName("y").setType(AttributeType.STRING)
                                .setS(ByteString.copyFromUtf8("y")))));
    }

    @Test
    void deeperWhereTheyRun() throws Exception {
        for (ModelProto model : deeperThanTheyLook()) {
            Path file = write(model);
            String message = onASmallStack(() -> {
                OnnxModel loaded = Onnx.load(file);
                return assertThrows(ShapeException.class, () -> loaded.forward(X)).getMessage();
            });
            assertTrue(message.contains("graph: graphs and functions run within each other too deep"), message);
        }
    }

    /** More than protobuf reads. */
    @Test
    void messagesWithinEachOther() throws Exception {
        Path file =
                write(ModelProto.newBuilder().setGraph(GraphProto.newBuilder().addNode(nested(40, node("y = Abs x"))))
                        .build());
        String message = onASmallStack(() -> assertThrows(ModelFileException.class, () -> Onnx.inspect(file))
                .getMessage());
        assertTrue(message.contains("messages are within each other more than 100 deep"), message);
    }

    private String refusal(NodeProto.Builder... nodes) throws Exception {
        GraphProto.Builder graph = GraphProto.newBuilder().addInput(ValueInfoProto.newBuilder().setName("x"));
        List.of(nodes).forEach(graph::addNode);
        return refusal(ModelProto.newBuilder().setGraph(graph).build());
    }

    @Test
    void cyclesAndDuplicates() throws Exception {
        assertTrue(refusal(node("a = Neg b"), node("b = Neg a")).contains(
                "a reads \"b\", which nothing before it computes; the nodes of a graph have to be in order, without"));
        assertTrue(refusal(node("a = Neg a")).contains("a reads \"a\", which nothing before"));
        assertTrue(refusal(node("a = Neg x"), node("a = Neg x")).contains("\"a\" is defined twice in one graph"));
        assertTrue(refusal(node("x = Neg x")).contains("\"x\" is defined twice in one graph"));
        GraphProto reading = graph(List.of(), List.of("r"), "r = Neg later");
        assertTrue(refusal(node("y = If x").addAttribute(body("then_branch", reading)), node("later = Neg x"))
                .contains("reads \"later\", which nothing before"));
    }

    /** All call each other: any of them leads back to itself. */
    @Test
    void functionsInACircle() throws Exception {
        ModelProto.Builder model = model(5, 2, false).toBuilder();
        List<FunctionProto> functions = new ArrayList<>(model.getFunctionsList());
        functions.set(0, functions.getFirst().toBuilder().clearNode().addNode(node("y = F0 x").setDomain("own"))
                .build());
        String message = refusal(model.clearFunctions().addAllFunctions(functions).build());
        assertTrue(message.contains("the function \"own.F0\" calls itself"), message);
    }

    /** A function with the name of an operator is not run before the model is: this one never ends. */
    @Test
    void aConstantThatIsAFunction() throws Exception {
        ModelProto model = ModelProto.newBuilder().addOpsetImport(imports(""))
                .setGraph(graph(List.of("x"), List.of("y"), "c = Constant", "y = Abs x"))
                .addFunctions(FunctionProto.newBuilder().setName("Constant").addOutput("c").addOpsetImport(imports(""))
                        .addNode(node("c = Loop").addAttribute(body("body",
                                graph(List.of("i", "on"), List.of("on", "i"))))))
                .build();
        Path file = write(model);
        FutureTask<OnnxModel> load = new FutureTask<>(() -> Onnx.load(file));
        Thread thread = new Thread(load, "loading");
        thread.setDaemon(true);
        thread.start();
        thread.join(10_000);
        assertTrue(load.isDone(), "a function runs while its model is loaded");
        assertEquals(1, load.get().inputs().size());
    }
}
