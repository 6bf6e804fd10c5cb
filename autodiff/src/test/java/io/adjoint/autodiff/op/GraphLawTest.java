package io.adjoint.autodiff.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Law 5: what was recorded is immutable data that prints the same every time and can be verified. */
class GraphLawTest {
    static Stream<Catalogue.Entry> entries() {
        return Catalogue.entries().stream();
    }

    @ParameterizedTest
    @MethodSource("entries")
    void whatIsRecordedVerifiesAndPrintsTheSame(Catalogue.Entry entry) {
        for (long seed = 0; seed < 30; seed++) {
            Sample sample = entry.sample(new Sampler(seed, DType.F64));
            Optional<Graph> graph = graph(sample);
            assertEquals(graph.map(Graph::toString), graph(sample).map(Graph::toString));
            graph.ifPresent(g -> {
                assertTrue(g.verify().toString().contains("= " + entry.id() + "("), g::toString);
                assertThrows(UnsupportedOperationException.class, () -> g.steps().clear());
                assertTampersAreFound(g);
            });
        }
    }

    private static Optional<Graph> graph(Sample sample) {
        List<Tensor> inputs = sample.inputs().stream().map(x -> x.dtype().isFloat() ? x.tracked() : x).toList();
        Tensor result = sample.apply(inputs);
        return result.isTracked() ? Optional.of(Graph.of(result.square().sum())) : Optional.empty();
    }

    /** Every step with another dtype, and every step moved to the front, is refused. */
    private static void assertTampersAreFound(Graph graph) {
        for (int i = 0; i < graph.steps().size(); i++) {
            Graph.Step step = graph.steps().get(i);
            if (step.op().isPresent()) {
                List<Graph.Step> other = new ArrayList<>(graph.steps());
                other.set(i, new Graph.Step(step.op(), step.inputs(), new TensorSpec(DType.I64, step.spec().shape())));
                assertThrows(IllegalStateException.class, () -> new Graph(other).verify());
                List<Graph.Step> moved = new ArrayList<>(graph.steps());
                moved.addFirst(moved.remove(i));
                assertThrows(IllegalStateException.class, () -> new Graph(moved).verify());
            }
        }
    }

    @Test
    void aGraphIsStableText() {
        Tensor x = Tensor.ones(3).tracked();
        assertEquals("""
                %0 = leaf F32[3]
                %1 = mul(%0, %0) F32[3]
                %2 = add(%1, constant F32[]) F32[3]
                %3 = sum(%2) F32[]
                """, Graph.of(x.mul(x).add(1).sum()).toString());
        assertThrows(ShapeException.class, () -> Graph.of(Tensor.ones(3)));
    }
}
