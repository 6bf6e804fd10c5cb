package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.op.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Common subexpressions computed once, and what nobody reads not at all. Neither changes a bit of what is left. */
final class Simplify {
    private final Graph graph;
    private final List<Graph.Step> steps = new ArrayList<>();
    private final int[] numbers;

    private Simplify(Graph graph) {
        this.graph = graph;
        this.numbers = new int[graph.steps().size()];
    }

    private record Call(Op op, List<Integer> inputs) {}

    static Graph of(Graph graph) {
        return withoutDead(new Simplify(graph).withoutRepeats());
    }

    private Graph withoutRepeats() {
        Map<Call, Integer> known = new HashMap<>();
        for (int i = 0; i < numbers.length; i++) {
            if (graph.steps().get(i) instanceof Graph.Apply apply) {
                List<Integer> inputs = apply.inputs().stream().map(input -> numbers[input]).toList();
                Integer same = known.putIfAbsent(new Call(apply.op(), inputs), steps.size());
                if (same != null) {
                    numbers[i] = same;
                    continue;
                }
                numbers[i] = add(new Graph.Apply(apply.op(), inputs, apply.spec(), apply.place()));
            } else {
                numbers[i] = add(graph.steps().get(i));
            }
        }
        return renumbered();
    }

    private int add(Graph.Step step) {
        steps.add(step);
        return steps.size() - 1;
    }

    private Graph renumbered() {
        return new Graph(steps, graph.outputs().stream().map(output -> numbers[output]).toList(),
                graph.updates().stream().map(update -> new Graph.Update(update.variable(), numbers[update.step()]))
                        .toList());
    }

    /** Inputs stay, since a call brings them. */
    private static Graph withoutDead(Graph graph) {
        boolean[] live = new boolean[graph.steps().size()];
        graph.outputs().forEach(output -> live[output] = true);
        graph.updates().forEach(update -> live[update.step()] = true);
        for (int i = live.length - 1; i >= 0; i--) {
            if (live[i] && graph.steps().get(i) instanceof Graph.Apply apply) {
                apply.inputs().forEach(input -> live[input] = true);
            }
        }
        Simplify kept = new Simplify(graph);
        for (int i = 0; i < live.length; i++) {
            if (live[i] || graph.steps().get(i) instanceof Graph.Input) {
                numbers(kept, i, graph);
            }
        }
        return kept.renumbered();
    }

    private static void numbers(Simplify kept, int i, Graph graph) {
        kept.numbers[i] = kept.add(switch (graph.steps().get(i)) {
            case Graph.Apply apply -> new Graph.Apply(apply.op(),
                    apply.inputs().stream().map(input -> kept.numbers[input]).toList(), apply.spec(), apply.place());
            case Graph.Input input -> input;
            case Graph.Constant constant -> constant;
            case Graph.Read read -> read;
        });
    }
}
