package io.adjoint.autodiff;

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
            require(isStep(output, graph.steps().size()), "it returns %" + output + ", which is no step");
        }
        for (Graph.Update update : graph.updates()) {
            require(isStep(update.step(), graph.steps().size()), update + " stores what is no step");
            TensorSpec stored = graph.steps().get(update.step()).spec();
            require(stored.equals(update.variable().spec()),
                    "%" + update.step() + " is stored in a variable of spec " + update.variable().spec());
            require(updated.add(update.variable()), "%" + update.step() + " is the second update of its variable");
        }
    }

    private void verify(int number, Graph.Step step) {
        switch (step) {
            case Graph.Input input -> require(input.number() == inputs++,
                    "step %" + number + " is input " + input.number() + " in the place of input " + (inputs - 1));
            case Graph.Constant _ -> {}
            case Graph.Read(Variable variable) -> require(read.add(variable),
                    "step %" + number + " reads a variable that was read before");
            case Graph.Apply apply -> {
                for (int input : apply.inputs()) {
                    require(isStep(input, number),
                            "step %" + number + " uses %" + input + ", which is no earlier step");
                }
                List<TensorSpec> specs = apply.inputs().stream().map(i -> graph.steps().get(i).spec()).toList();
                TensorSpec inferred = apply.op().infer(specs);
                require(inferred.equals(apply.spec()), "step %" + number + " has the spec " + apply.spec()
                        + ", and the shape rule of " + apply.op().id() + " says " + inferred);
            }
        }
    }

    private static boolean isStep(int number, int before) {
        return number >= 0 && number < before;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException("graph: " + otherwise);
        }
    }
}
