package io.adjoint.autodiff.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Law 5: what was traced is immutable data that prints the same every time and can be verified. */
class GraphLawTest {
    static Stream<Catalogue.Entry> entries() {
        return Catalogue.entries().stream();
    }

    @ParameterizedTest
    @MethodSource("entries")
    void whatIsTracedVerifiesAndPrintsTheSame(Catalogue.Entry entry) {
        for (long seed = 0; seed < 30; seed++) {
            Sample sample = entry.sample(new Sampler(seed, DType.F64));
            Graph graph = graph(sample);
            assertEquals(graph.toString(), graph(sample).toString());
            assertTrue(graph.verify().toString().contains("= " + entry.id()), graph::toString);
            assertThrows(UnsupportedOperationException.class, () -> graph.steps().clear());
            assertTampersAreFound(graph);
        }
    }

    /** The operation, and its gradients where it has any. */
    private static Graph graph(Sample sample) {
        TensorSpec[] specs = sample.inputs().stream().map(Tensor::spec).toArray(TensorSpec[]::new);
        return Graph.traceAll(in -> {
            List<Tensor> inputs = in.stream().map(x -> x.dtype().isFloat() ? x.tracked() : x).toList();
            Tensor[] leaves = inputs.stream().filter(Tensor::isTracked).toArray(Tensor[]::new);
            Tensor result = sample.apply(inputs);
            List<Tensor> outputs = new ArrayList<>(List.of(result));
            if (result.isTracked()) {
                outputs.addAll(result.square().sum().gradients(leaves).values());
            }
            return outputs;
        }, specs);
    }

    /** Every step with another dtype, and every step moved to the front, is refused. */
    private static void assertTampersAreFound(Graph graph) {
        for (int i = 0; i < graph.steps().size(); i++) {
            if (graph.steps().get(i) instanceof Graph.Apply step) {
                List<Graph.Step> other = new ArrayList<>(graph.steps());
                DType dtype = step.spec().dtype() == DType.I64 ? DType.F32 : DType.I64;
                other.set(i, new Graph.Apply(step.op(), step.inputs(), new TensorSpec(dtype, step.spec().shape()),
                        Optional.empty()));
                assertRefused(other, graph);
                if (!step.inputs().isEmpty()) {
                    List<Graph.Step> moved = new ArrayList<>(graph.steps());
                    moved.addFirst(moved.remove(i));
                    assertRefused(moved, graph);
                }
            }
        }
    }

    private static void assertRefused(List<Graph.Step> steps, Graph graph) {
        assertThrows(IllegalStateException.class, () -> new Graph(steps, graph.outputs(), graph.updates()).verify());
    }

    @Test
    void aGraphIsStableText() {
        Variable count = Variable.buffer(Tensor.zeros());
        assertEquals("""
                %0 = input 0 F32[3]
                %1 = read $0 F32[]
                %2 = constant 1.0 F32[]
                %3 = add(%1, %2) F32[]
                %4 = mul(%0, %0) F32[3]
                %5 = sum{axes=[0]}(%4) F32[]
                $0 <- %3
                return %5
                """, Graph.trace(x -> {
            count.set(count.value().add(1));
            return x.mul(x).sum();
        }, new TensorSpec(DType.F32, Shape.of(3))).toString());
    }
}
