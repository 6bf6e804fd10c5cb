package io.adjoint.autodiff.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.Unary;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which steps are one loop. */
class FusionTest {
    private static final Tensor X = Rng.seed(1).normal(Shape.of(33), DType.F32);

    private static List<Tensor> function(Tensor x) {
        Tensor y = x.add(1);
        return List.of(Unary.GELU.apply(y), Unary.GELU_SLOPE.apply(y));
    }

    /** Together they have more nodes than a loop may, but both need the same exponential, which counts once. */
    @Test
    void aLoopIsAsLongAsWhatItComputes() {
        int gelu = Expressions.alone(Unary.GELU, List.of(DType.F32)).cost();
        int slope = Expressions.alone(Unary.GELU_SLOPE, List.of(DType.F32)).cost();
        assertTrue(gelu + slope > Fusion.MOST_NODES, gelu + " and " + slope);
        Graph graph = Simplify.of(Graph.traceAll(in -> function(in.getFirst()), X.spec()));
        Plan plan = Plan.of(graph);
        assertEquals(1, plan.units().size(), () -> plan.units().toString());
        Unit.Fused loop = (Unit.Fused) plan.units().getFirst();
        int cost = Expressions.of(loop, graph, plan.values()).kernel().cost();
        assertTrue(cost <= Fusion.MOST_NODES, () -> cost + " nodes");
        List<Tensor> found = Program.compileAll(in -> function(in.getFirst())).applyAll(X);
        assertTrue(function(X).getFirst().sameBits(found.getFirst()));
        assertTrue(function(X).getLast().sameBits(found.getLast()));
    }

    /** Three functions that have nothing in common are as long as their sum. */
    @Test
    void aLoopIsNotLongerThanItMayBe() {
        Graph graph = Simplify.of(Graph.traceAll(
                in -> List.of(Unary.GELU.apply(Unary.ERFC.apply(Unary.GELU_SLOPE.apply(in.getFirst())))), X.spec()));
        assertTrue(Plan.of(graph).units().size() > 1);
    }
}
