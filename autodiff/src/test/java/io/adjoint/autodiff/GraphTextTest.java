package io.adjoint.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.op.Catalogue;
import io.adjoint.autodiff.op.Custom;
import io.adjoint.autodiff.op.Gradient;
import io.adjoint.autodiff.op.Pad;
import io.adjoint.autodiff.op.Sample;
import io.adjoint.autodiff.op.Sampler;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Law 5: a graph prints as text from which it can be made again, and as drawings. */
class GraphTextTest {
    static Stream<Catalogue.Entry> entries() {
        return Catalogue.entries().stream();
    }

    @ParameterizedTest
    @MethodSource("entries")
    void anOperationComesBackFromText(Catalogue.Entry entry) {
        for (long seed = 0; seed < 20; seed++) {
            Sample sample = entry.sample(new Sampler(seed, DType.F64));
            TensorSpec[] specs = sample.inputs().stream().map(Tensor::spec).toArray(TensorSpec[]::new);
            assertComesBack(Graph.traceAll(in -> {
                List<Tensor> inputs = in.stream().map(x -> x.dtype().isFloat() ? x.tracked() : x).toList();
                Tensor[] leaves = inputs.stream().filter(Tensor::isTracked).toArray(Tensor[]::new);
                Tensor result = sample.apply(inputs);
                return result.isTracked()
                        ? Stream.concat(Stream.of(result), result.square().sum().gradients(leaves).values().stream())
                                .toList()
                        : List.of(result);
            }, specs));
        }
    }

    @Provide
    Arbitrary<RandomFunction> functions() {
        return RandomFunctions.upTo(40);
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void aFunctionComesBackFromText(@ForAll("functions") RandomFunction function) {
        RandomFunction.State state = new RandomFunction.State(function);
        TensorSpec[] specs = function.inputs(0).stream().map(Tensor::spec).toArray(TensorSpec[]::new);
        assertComesBack(Graph.traceAll(in -> function.call(state, in), specs));
    }

    private static void assertComesBack(Graph graph) {
        String text = graph.toString();
        Graph parsed = GraphParser.parse(text, graph);
        assertEquals(text, parsed.verify().toString());
        assertEquals(graph.outputs(), parsed.outputs());
        assertEquals(graph.updates(), parsed.updates());
        for (int i = 0; i < graph.steps().size(); i++) {
            assertEquals(withoutPlace(graph.steps().get(i)), parsed.steps().get(i), "step " + i + " of " + text);
        }
    }

    private static Graph.Step withoutPlace(Graph.Step step) {
        return step instanceof Graph.Apply apply
                ? new Graph.Apply(apply.op(), apply.inputs(), apply.spec(), Optional.empty())
                : step;
    }

    /** Attributes that differ, and differ in their text: signs of zero, infinities, no number. */
    @Test
    void numbersPrintAsWhatTheyAre() {
        Stream.of(0.0, -0.0, Double.NaN, Double.NEGATIVE_INFINITY, Double.MIN_VALUE, 0.1, 0.1f + 0.0, 1e300)
                .forEach(value -> assertComesBack(Graph.trace(x -> new Pad(0, 1, 0, 0, value).apply(x), spec(2))));
        assertEquals("""
                %0 = input 0 I64[]
                %1 = constant 9007199254740993 I64[]
                %2 = add(%0, %1) I64[]
                return %2
                """, Graph.trace(x -> x.add(Tensor.of(new long[] {9007199254740993L}).reshape()),
                new TensorSpec(DType.I64, Shape.scalar())).toString());
        assertTrue(Graph.trace(x -> x.mul(-0.0), spec(2)).toString().contains("constant -0.0 F32[]"));
        assertTrue(Graph.trace(x -> x.mul(Double.NaN), spec(2)).toString().contains("constant NaN F32[]"));
    }

    /** An operation whose attributes nest and quote. */
    record Named(String name, List<Inner> inner) implements Custom {
        record Inner(double number, List<String> names) {}

        @Override
        public String id() {
            return "named";
        }

        @Override
        public TensorSpec infer(List<TensorSpec> inputs) {
            return inputs.getFirst();
        }

        @Override
        public Tensor compute(List<Tensor> inputs) {
            return inputs.getFirst();
        }

        @Override
        public Gradient gradient() {
            return Gradient.none("a test");
        }
    }

    private static Graph drawn() {
        Variable count = Variable.buffer(Tensor.zeros());
        return Graph.trace(x -> {
            count.set(count.value().add(1));
            return new Named("a \"b\" \\ <c> & #d\ne", List.of(new Named.Inner(-0.0, List.of("f, g"))))
                    .apply(x.sub(x.square()));
        }, spec(3));
    }

    private static TensorSpec spec(int... dims) {
        return new TensorSpec(DType.F32, Shape.of(dims));
    }

    @Test
    void attributesNest() {
        String text = drawn().toString();
        assertTrue(text.contains("""
                named{name="a \\"b\\" \\\\ <c> & #d\\ne", inner=[{number=-0.0, names=["f, g"]}]}(%5) F32[3]
                """), text);
    }

    @Test
    void aGraphIsDrawnInDot() {
        assertEquals("""
                digraph {
                  s0 [shape=box, label="%0 input 0\\nF32[3]"];
                  s1 [shape=cylinder, label="%1 read $0\\nF32[]"];
                  s2 [shape=plaintext, label="%2 constant 1.0\\nF32[]"];
                  s3 [shape=ellipse, label="%3 add\\nF32[]"];
                  s1 -> s3 [label="0"];
                  s2 -> s3 [label="1"];
                  s4 [shape=ellipse, label="%4 mul\\nF32[3]"];
                  s0 -> s4 [label="0"];
                  s0 -> s4 [label="1"];
                  s5 [shape=ellipse, label="%5 sub\\nF32[3]"];
                  s0 -> s5 [label="0"];
                  s4 -> s5 [label="1"];
                  s6 [shape=ellipse, label="%6 named{name=\\"a \\\\\\"b\\\\\\" \\\\\\\\ <c> & #d\\\\ne\\", \
                inner=[{number=-0.0, names=[\\"f, g\\"]}]}\\nF32[3]"];
                  s5 -> s6;
                  u0 [shape=cylinder, label="update $0"];
                  s3 -> u0;
                  r0 [shape=doubleoctagon, label="return 0"];
                  s6 -> r0;
                }
                """, drawn().toDot());
    }

    @Test
    void aGraphIsDrawnInMermaid() {
        assertEquals("""
                flowchart TD
                  s0["%0 input 0<br/>F32[3]"]
                  s1[("%1 read $0<br/>F32[]")]
                  s2("%2 constant 1.0<br/>F32[]")
                  s3(["%3 add<br/>F32[]"])
                  s1 -->|0| s3
                  s2 -->|1| s3
                  s4(["%4 mul<br/>F32[3]"])
                  s0 -->|0| s4
                  s0 -->|1| s4
                  s5(["%5 sub<br/>F32[3]"])
                  s0 -->|0| s5
                  s4 -->|1| s5
                  s6(["%6 named{name=#quot;a #92;#quot;b#92;#quot; #92;#92; #lt;c#gt; #amp; #35;d#92;ne#quot;, \
                inner=[{number=-0.0, names=[#quot;f, g#quot;]}]}<br/>F32[3]"])
                  s5 --> s6
                  u0[("update $0")]
                  s3 --> u0
                  r0[["return 0"]]
                  s6 --> r0
                """, drawn().toMermaid());
    }

    @Test
    void aLargeGraphIsDrawn() {
        int length = 20_000;
        Graph graph = Graph.trace(x -> {
            Tensor y = x;
            for (int i = 0; i < length; i++) {
                y = y.neg();
            }
            return y;
        }, spec(2));
        assertEquals(2 * length + 5, graph.toDot().lines().count());
        assertEquals(2 * length + 4, graph.toMermaid().lines().count());
        assertComesBack(graph);
    }
}
