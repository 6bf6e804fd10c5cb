package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.op.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

    /** Constants of one number are the same where that is. */
    private record Number(TensorSpec spec, Lane value) {}

    static Graph of(Graph graph) {
        return withoutDead(new Simplify(graph).withoutRepeats());
    }

    private Graph withoutRepeats() {
        Map<Record, Integer> known = new HashMap<>();
        for (int i = 0; i < numbers.length; i++) {
            Graph.Step step = renumbered(graph.steps().get(i));
            Optional<Record> key = key(step);
            Integer same = key.isPresent() ? known.putIfAbsent(key.get(), steps.size()) : null;
            numbers[i] = same != null ? same : add(step);
        }
        return renumbered();
    }

    private Graph.Step renumbered(Graph.Step step) {
        if (!(step instanceof Graph.Apply apply)) {
            return step;
        }
        List<Integer> inputs = new ArrayList<>(apply.inputs().size());
        for (int input : apply.inputs()) {
            inputs.add(numbers[input]);
        }
        return inputs.equals(apply.inputs()) ? apply : new Graph.Apply(apply.op(), inputs, apply.spec(), apply.place());
    }

    /** What is the same for steps with the same value. */
    private static Optional<Record> key(Graph.Step step) {
        return switch (step) {
            case Graph.Apply apply -> Optional.of(new Call(apply.op(), apply.inputs()));
            case Graph.Constant(Tensor value) when value.size() > 0 ->
                Constants.number(Constants.of(value)).map(number -> new Number(value.spec(), number));
            case Graph.Constant _, Graph.Input _, Graph.Read _ -> Optional.empty();
        };
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
        for (int output : graph.outputs()) {
            live[output] = true;
        }
        for (Graph.Update update : graph.updates()) {
            live[update.step()] = true;
        }
        for (int i = live.length - 1; i >= 0; i--) {
            if (live[i] && graph.steps().get(i) instanceof Graph.Apply apply) {
                for (int input : apply.inputs()) {
                    live[input] = true;
                }
            }
        }
        Simplify kept = new Simplify(graph);
        for (int i = 0; i < live.length; i++) {
            if (live[i] || graph.steps().get(i) instanceof Graph.Input) {
                kept.numbers[i] = kept.add(kept.renumbered(graph.steps().get(i)));
            }
        }
        return kept.renumbered();
    }
}
