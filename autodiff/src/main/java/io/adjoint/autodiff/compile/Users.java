package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Who reads the value of each step of a graph. */
final class Users {
    private final List<List<Integer>> steps;
    private final boolean[] kept;

    Users(Graph graph) {
        this.kept = new boolean[graph.steps().size()];
        this.steps = new ArrayList<>(kept.length);
        for (int i = 0; i < kept.length; i++) {
            steps.add(new ArrayList<>());
            if (graph.steps().get(i) instanceof Graph.Apply apply) {
                for (int input : apply.inputs()) {
                    steps.get(input).add(i);
                }
            }
        }
        for (int output : graph.outputs()) {
            kept[output] = true;
        }
        for (Graph.Update update : graph.updates()) {
            kept[update.step()] = true;
        }
    }

    /** The steps that read a step, as often as they do. */
    List<Integer> of(int step) {
        return steps.get(step);
    }

    /** Whether the step is returned or stored. */
    boolean isKept(int step) {
        return kept[step];
    }

    /** Whether one step reads it, once, and nobody else. */
    boolean isReadOnce(int step) {
        return !kept[step] && steps.get(step).size() == 1;
    }

    /** Whether anybody reads it who is not one of these, or it is returned or stored. */
    boolean isReadOutside(int step, Set<Integer> members) {
        return kept[step] || !members.containsAll(steps.get(step));
    }
}
