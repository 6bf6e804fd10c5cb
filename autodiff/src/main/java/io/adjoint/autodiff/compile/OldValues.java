package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.op.Unary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What variables held before a run and what is wanted after it: an output, or the new value of another variable, that is the
 * old value of a variable with a new one is copied by a step of its own, before the new one is written.
 */
final class OldValues {
    private final Graph graph;
    private final Values values;
    private final List<Graph.Step> steps;
    private final Set<Variable> updated = Collections.newSetFromMap(new IdentityHashMap<>());

    private OldValues(Graph graph) {
        this.graph = graph;
        this.values = new Values(graph);
        this.steps = new ArrayList<>(graph.steps());
        graph.updates().forEach(update -> updated.add(update.variable()));
    }

    static Graph copied(Graph graph) {
        OldValues pass = new OldValues(graph);
        List<Integer> outputs = graph.outputs().stream().map(pass::lasting).toList();
        List<Graph.Update> updates = graph.updates().stream()
                .filter(update -> !pass.isReadOf(update.variable(), update.step()))
                .map(update -> new Graph.Update(update.variable(), pass.lasting(update.step()))).toList();
        return new Graph(pass.steps, outputs, updates);
    }

    /** Whether the step is what the variable held anyway. */
    private boolean isReadOf(Variable variable, int step) {
        return graph.steps().get(step) instanceof Graph.Read(Variable read) && read == variable;
    }

    private int lasting(int step) {
        if (!(graph.steps().get(values.root(step)) instanceof Graph.Read(Variable variable))
                || !updated.contains(variable)) {
            return step;
        }
        steps.add(new Graph.Apply(Unary.COPY, List.of(step), graph.steps().get(step).spec(), Optional.empty()));
        return steps.size() - 1;
    }
}
