package io.adjoint.autodiff.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.Binary;
import io.adjoint.autodiff.op.Reshape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GroupsTest {
    private static final TensorSpec SPEC = new TensorSpec(DType.F32, Shape.of(4));

    /** Sums of earlier steps, some of them seen through views. */
    private static Graph random(Random random, int count) {
        List<Graph.Step> steps = new ArrayList<>(List.of(new Graph.Input(0, SPEC)));
        while (steps.size() < count) {
            int n = steps.size();
            steps.add(random.nextInt(4) == 0
                    ? new Graph.Apply(new Reshape(SPEC.shape()), List.of(random.nextInt(n)), SPEC, Optional.empty())
                    : new Graph.Apply(Binary.ADD, List.of(near(random, n), near(random, n)), SPEC, Optional.empty()));
        }
        return new Graph(steps, List.of(count - 1), List.of()).verify();
    }

    /** Mostly one of the last steps, so that ways are long. */
    private static int near(Random random, int n) {
        return random.nextInt(3) == 0 ? random.nextInt(n) : Math.max(0, n - 1 - random.nextInt(5));
    }

    /** Whether a way leads from one group to another that is more than a step which reads a step. */
    private static boolean leads(Graph graph, Values values, Groups groups, Groups.Group from, Groups.Group to) {
        Set<Groups.Group> seen = new HashSet<>(Set.of(from));
        List<Groups.Group> waiting = new ArrayList<>(seen);
        while (!waiting.isEmpty()) {
            Groups.Group group = waiting.removeLast();
            for (int member : group.members()) {
                for (int input : ((Graph.Apply) graph.steps().get(member)).inputs()) {
                    Groups.Group next = groups.of(values.root(input));
                    if (next == to && (group != from || groups.of(input) != to)) {
                        return true;
                    }
                    if (next != null && next != to && seen.add(next)) {
                        waiting.add(next);
                    }
                }
            }
        }
        return false;
    }

    @Test
    void aSearchThatEndsAtLowerLevelsFindsWhatOneOfAllFinds() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            Graph graph = random(random, 40);
            Values values = new Values(graph);
            Groups groups = new Groups(graph, values);
            for (int i = 0; i < graph.steps().size(); i++) {
                if (!(graph.steps().get(i) instanceof Graph.Apply) || values.root(i) != i) {
                    continue;
                }
                groups.add(i, Groups.Loop.NONE);
                for (Groups.Group other : groups.all()) {
                    Groups.Group own = groups.of(i);
                    if (other == own) {
                        continue;
                    }
                    boolean isCyclic =
                            leads(graph, values, groups, own, other) || leads(graph, values, groups, other, own);
                    assertEquals(isCyclic, groups.isCyclic(own, other), () -> "joining a group in\n" + graph);
                    if (!isCyclic && random.nextInt(4) == 0) {
                        groups.join(own, other);
                    }
                }
            }
        }
    }
}
