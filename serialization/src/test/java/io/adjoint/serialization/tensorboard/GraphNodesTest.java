package io.adjoint.serialization.tensorboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Linear;
import io.adjoint.nn.Module;
import io.adjoint.nn.Sequential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Graphs as TensorBoard draws them. */
class GraphNodesTest {
    private static final TensorSpec THREE = new TensorSpec(DType.F32, Shape.of(3));

    @TempDir
    Path folder;

    private static LoggedEvent.Node node(String name, String op, String... inputs) {
        return new LoggedEvent.Node(name, op, List.of(inputs));
    }

    @Test
    void stepsVariablesUpdatesAndResults() {
        Variable count = Variable.buffer(Tensor.zeros(Shape.scalar(), DType.F32));
        Graph graph = Graph.trace(x -> {
            count.set(count.value().add(1));
            return x.mul(x).sum(0);
        }, THREE);
        try (EventFile events = EventFile.in(folder, EventFileTest.CLOCK)) {
            events.graph(graph);
            assertEquals(List.of(new LoggedEvent.Graph(EventFileTest.NOW, 0, List.of(
                    node("input_0", "Placeholder"),
                    node("variable_0", "VariableV2"),
                    node("constant_2", "Const"),
                    node("add_3", "add", "variable_0", "constant_2"),
                    node("mul_4", "mul", "input_0", "input_0"),
                    node("sum_5", "sum", "mul_4"),
                    node("variable_0/update", "Assign", "variable_0", "add_3"),
                    node("output_0", "Identity", "sum_5")))), EventFile.read(events.path()), graph.toString());
        }
    }

    /** Every name once, every input a name; boxes by the paths of the model. */
    @Test
    void aModelsVariablesAreCalledByTheirPaths() {
        Sequential model = Sequential.of(Linear.of(3, 4, Rng.seed(1)), Linear.of(4, 2, Rng.seed(2)));
        Graph graph = Graph.trace(model::forward, new TensorSpec(DType.F32, Shape.of(5, 3)));
        try (EventFile events = EventFile.in(folder, EventFileTest.CLOCK)) {
            events.graph(graph, model);
            LoggedEvent.Graph read = (LoggedEvent.Graph) EventFile.read(events.path()).getFirst();
            Set<String> names = new HashSet<>();
            for (LoggedEvent.Node node : read.nodes()) {
                assertTrue(names.containsAll(node.inputs()), node.toString());
                assertTrue(names.add(node.name()), node.toString());
            }
            assertTrue(names.containsAll(List.of("0/weight", "0/bias", "1/weight", "1/bias", "output_0")),
                    names.toString());
        }
    }

    /** A colon or a caret in a name would mean something, and two names must not become one. */
    @Test
    void namesStayApart() {
        SequencedMap<String, Object> parts = new LinkedHashMap<>();
        for (String name : List.of("a_b", "a b", "a:b", "output_0")) {
            parts.put(name, Variable.parameter(Tensor.zeros(Shape.of(3), DType.F32)));
        }
        Module model = new Module() {
            @Override
            public SequencedMap<String, Object> parts() {
                return parts;
            }
        };
        Graph graph = Graph.trace(x -> model.variables().values().stream().map(Variable::value).reduce(x, Tensor::add),
                THREE);
        try (EventFile events = EventFile.in(folder, EventFileTest.CLOCK)) {
            events.graph(graph, model);
            LoggedEvent.Graph read = (LoggedEvent.Graph) EventFile.read(events.path()).getFirst();
            assertEquals(List.of("a_b", "a_b_", "a_b__", "output_0"), read.nodes().stream()
                    .filter(node -> node.op().equals("VariableV2")).map(LoggedEvent.Node::name).toList());
            assertEquals("output_0_", read.nodes().getLast().name());
        }
    }

    @Test
    void attributesAsPublished() throws IOException {
        Graph traced = Graph.trace(x -> x.sum(0, 1), new TensorSpec(DType.F64, Shape.of(3, 2)));
        Path file;
        try (EventFile events = EventFile.in(folder, EventFileTest.CLOCK)) {
            events.graph(traced);
            file = events.path();
        }
        List<Wire.Field> graph = Wire.at(Wire.fields(Wire.records(Files.readAllBytes(file)).get(1)), 4).fields();
        List<Wire.Field> input = Wire.all(graph, 1).get(0).fields();
        assertEquals("input_0", Wire.at(input, 1).asText());
        assertEquals(2, attribute(input, "dtype").at(6).bits(), "DT_DOUBLE");
        assertEquals(List.of(3L, 2L), Wire.all(attribute(input, "_output_shapes").at(1, 7).fields(), 2).stream()
                .map(dim -> dim.at(1).bits()).toList());
        List<Wire.Field> sum = Wire.all(graph, 1).get(1).fields();
        assertEquals("sum", Wire.at(sum, 2).asText());
        assertEquals("input_0", Wire.at(sum, 3).asText());
        assertEquals("{axes=[0, 1]}", attribute(sum, "attributes").at(2).asText());
        StackTraceElement place = ((Graph.Apply) traced.steps().get(1)).place().orElseThrow();
        assertEquals(place.getFileName() + ":" + place.getLineNumber(), attribute(sum, "place").at(2).asText());
    }

    private static Wire.Field attribute(List<Wire.Field> node, String key) {
        return Wire.all(node, 5).stream().filter(entry -> entry.at(1).asText().equals(key)).findFirst().orElseThrow()
                .at(2);
    }
}
