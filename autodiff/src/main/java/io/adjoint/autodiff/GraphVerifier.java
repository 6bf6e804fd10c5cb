package io.adjoint.autodiff;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** What must hold for every {@link Graph}, whichever pass made it. */
final class GraphVerifier {
    private final Graph graph;
    private final Set<Variable> read = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Variable> updated = Collections.newSetFromMap(new IdentityHashMap<>());
    private int inputs;

    GraphVerifier(Graph graph) {
        this.graph = graph;
    }

    void verify() {
        for (int i = 0; i < graph.steps().size(); i++) {
            verify(i, graph.steps().get(i));
        }
        for (int output : graph.outputs()) {
            require(isStep(output, graph.steps().size()), "it returns %%%s, which is no step", output);
        }
        for (Graph.Update update : graph.updates()) {
            require(isStep(update.step(), graph.steps().size()), "%s stores what is no step", update);
            TensorSpec stored = graph.steps().get(update.step()).spec();
            TensorSpec held = update.variable().spec();
            require(stored.equals(held), "%%%s is stored in a variable of spec %s", update.step(), held);
            require(updated.add(update.variable()), "%%%s is the second update of its variable", update.step());
        }
    }

    private void verify(int number, Graph.Step step) {
        switch (step) {
            case Graph.Input input ->
                require(input.number() == inputs++, "step %%%s is input %s in the place of input %s",
                        number, input.number(), inputs - 1);
            case Graph.Constant _ -> {}
            case Graph.Read(Variable variable) -> require(read.add(variable),
                    "step %%%s reads a variable that was read before", number);
            case Graph.Apply apply -> {
                List<TensorSpec> specs = new ArrayList<>();
                for (int input : apply.inputs()) {
                    require(isStep(input, number), "step %%%s uses %%%s, which is no earlier step", number, input);
                    specs.add(graph.steps().get(input).spec());
                }
                TensorSpec inferred = apply.op().infer(specs);
                require(inferred.equals(apply.spec()), "step %%%s has the spec %s, and the shape rule of %s says %s",
                        number, apply.spec(), apply.op().id(), inferred);
            }
        }
    }

    private static boolean isStep(int number, int before) {
        return number >= 0 && number < before;
    }

    /** What is found is put into words only where it is wrong: a step of training has thousands. */
    private static void require(boolean holds, String otherwise, Object... found) {
        if (!holds) {
            throw new IllegalStateException("graph: " + otherwise.formatted(found));
        }
    }
}
