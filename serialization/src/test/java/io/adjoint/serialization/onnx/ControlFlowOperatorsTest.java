package io.adjoint.serialization.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TraceException;
import io.adjoint.serialization.onnx.graph.Value;
import io.adjoint.serialization.onnx.proto.AttributeProto;
import io.adjoint.serialization.onnx.proto.AttributeProto.AttributeType;
import io.adjoint.serialization.onnx.proto.GraphProto;
import io.adjoint.serialization.onnx.proto.NodeProto;
import io.adjoint.serialization.onnx.proto.ValueInfoProto;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ControlFlowOperatorsTest {
    /** Graphs as text: nodes {@code out = Operator a b}. */
    static GraphProto graph(List<String> inputs, List<String> outputs, String... nodes) {
        GraphProto.Builder graph = GraphProto.newBuilder();
        inputs.forEach(name -> graph.addInput(ValueInfoProto.newBuilder().setName(name)));
        outputs.forEach(name -> graph.addOutput(ValueInfoProto.newBuilder().setName(name)));
        Arrays.stream(nodes).map(ControlFlowOperatorsTest::node).forEach(graph::addNode);
        return graph.build();
    }

    static NodeProto.Builder node(String text) {
        String[] words = text.split(" ");
        NodeProto.Builder node = NodeProto.newBuilder().addOutput(words[0]).setOpType(words[2]);
        for (int i = 3; i < words.length; i++) {
            node.addInput(words[i].equals("_") ? "" : words[i]);
        }
        return node;
    }

    static AttributeProto.Builder ints(String name, long... values) {
        AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
        Arrays.stream(values).forEach(attribute::addInts);
        return attribute;
    }

    /** Powers of a factor below a bound, which the graph finds around it: inputs 3 and 4 of the node are carried along. */
    private static List<Value> powers(Optional<Value> times, Optional<Value> go, float factor, float bound) {
        GraphProto body = graph(List.of("i", "go", "power", "f", "b"), List.of("on", "next", "f", "b", "seen"),
                "next = Mul power x3", "on = Less next x4", "seen = Identity power");
        return OneNode.of("Loop", 13).with("body", body).outputs(4).runAll(List.of(times, go,
                Optional.of(Value.of(Tensor.scalar(1f))), Optional.of(Value.of(Tensor.scalar(factor))),
                Optional.of(Value.of(Tensor.scalar(bound)))));
    }

    private static ValueInfoProto name(String name) {
        return ValueInfoProto.newBuilder().setName(name).build();
    }

    private static Optional<Value> times(long count) {
        return Optional.of(Value.of(Tensor.of(new long[] {count}, Shape.scalar())));
    }

    @Test
    void loopsEndByCountOrByCondition() {
        List<Value> counted = powers(times(3), Optional.empty(), 2, 1000);
        assertEquals(8, counted.getFirst().tensor().item());
        assertArrayEquals(new float[] {1, 2, 4}, counted.get(3).tensor().toFloats());
        List<Value> ended = powers(Optional.empty(), Optional.empty(), 3, 20);
        assertEquals(27, ended.getFirst().tensor().item());
        assertArrayEquals(new float[] {1, 3, 9}, ended.get(3).tensor().toFloats());
    }

    @Test
    void aLoopThatNeverRunsCollectsNothing() {
        Optional<Value> no = Optional.of(Value.of(Tensor.of(new boolean[] {false})));
        for (List<Value> outputs : List.of(powers(times(0), Optional.empty(), 2, 9), powers(times(5), no, 2, 9))) {
            assertEquals(1, outputs.getFirst().tensor().item());
            assertEquals(Shape.of(0), outputs.get(3).tensor().shape());
        }
    }

    @Test
    void gradientsFlowThroughLoops() {
        Tensor factor = Tensor.scalar(3f).tracked();
        GraphProto body = graph(List.of("i", "go", "power"), List.of("go", "next"), "next = Mul power x3");
        Tensor cube = OneNode.of("Loop", 13).with("body", withInput(body, "f", "f")).outputs(2)
                .runAll(List.of(times(3), Optional.empty(), Optional.of(Value.of(Tensor.scalar(1f))),
                        Optional.of(Value.of(factor))))
                .getFirst().tensor();
        assertEquals(27, cube.gradients(factor).of(factor).item());
    }

    private static GraphProto withInput(GraphProto graph, String input, String output) {
        return graph.toBuilder().addInput(name(input)).addOutput(name(output)).build();
    }

    @Test
    void branchesAreChosenByAKnownCondition() {
        OneNode choice = OneNode.of("If", 16)
                .with("then_branch", graph(List.of(), List.of("y"), "y = Not x0"))
                .with("else_branch", graph(List.of(), List.of("x0")));
        assertArrayEquals(new boolean[] {false}, choice.run(Tensor.of(new boolean[] {false})).toBooleans());
        Program traced = Program.compile((Tensor given) -> choice.run(given));
        assertThrows(TraceException.class, () -> traced.apply(Tensor.of(new boolean[] {false})));
        assertThrows(ShapeException.class, () -> choice.run(Tensor.of(new boolean[] {false, true})));
        OneNode nothing = OneNode.of("If", 16).with("then_branch", graph(List.of(), List.of()))
                .with("else_branch", graph(List.of(), List.of()));
        assertThrows(ShapeException.class, () -> nothing.run(Tensor.of(new boolean[] {true})));
    }

    private static final GraphProto SUMS =
            graph(List.of("sum", "x"), List.of("next", "seen"), "next = Add sum x", "seen = Identity next");

    @Test
    void scansGoAlongAnyAxisBothWays() {
        Tensor x = Tensor.of(new float[] {1, 2, 3, 10, 20, 30}, 2, 3);
        List<Value> backwards = OneNode.of("Scan", 11).with("body", SUMS).with("num_scan_inputs", 1)
                .with("scan_input_axes", new long[] {-1}).with("scan_input_directions", new long[] {1})
                .with("scan_output_axes", new long[] {-1}).with("scan_output_directions", new long[] {1})
                .outputs(2).runAll(Value.of(Tensor.zeros(2)), Value.of(x));
        assertArrayEquals(new float[] {6, 60}, backwards.getFirst().tensor().toFloats());
        assertArrayEquals(new float[] {6, 5, 3, 60, 50, 30}, backwards.get(1).tensor().toFloats());
        List<Value> none = OneNode.of("Scan", 9).with("body", SUMS).with("num_scan_inputs", 1).outputs(2)
                .runAll(Value.of(Tensor.ones(2)), Value.of(Tensor.zeros(0, 2)));
        assertArrayEquals(new float[] {1, 1}, none.getFirst().tensor().toFloats());
        assertEquals(Shape.of(0, 2), none.get(1).tensor().shape());
    }

    @Test
    void earlyScansHaveBatchesOfSequences() {
        Tensor x = Tensor.of(new float[] {1, 2, 3, 10, 20, 30}, 2, 3, 1);
        OneNode scan = OneNode.of("Scan", 8).with("body", SUMS).with("num_scan_inputs", 1).outputs(2);
        List<Value> lengths = scan.runAll(Value.of(Tensor.of(new long[] {2, 3})), Value.of(Tensor.zeros(2, 1)),
                Value.of(x));
        assertArrayEquals(new float[] {3, 60}, lengths.getFirst().tensor().toFloats());
        assertArrayEquals(new float[] {1, 3, 0, 10, 30, 60}, lengths.get(1).tensor().toFloats());
        List<Value> reversed = scan.with("directions", new long[] {1}).runAll(
                List.of(Optional.empty(), Optional.of(Value.of(Tensor.zeros(2, 1))), Optional.of(Value.of(x))));
        assertArrayEquals(new float[] {3, 5, 6, 30, 50, 60}, reversed.get(1).tensor().toFloats());
        assertThrows(ShapeException.class,
                () -> scan.with("scan_input_axes", 0, 1).runAll(Value.of(Tensor.zeros(1)), Value.of(x)));
    }
}
