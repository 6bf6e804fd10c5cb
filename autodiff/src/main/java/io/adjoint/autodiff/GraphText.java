package io.adjoint.autodiff;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** A graph as text that is the same for the same graph. */
final class GraphText {
    private final Graph graph;
    private final StringBuilder text = new StringBuilder();
    private final Names names = new Names();

    private GraphText(Graph graph) {
        this.graph = graph;
    }

    /** Variables are called by the order in which they are met. */
    static final class Names {
        private final Map<Variable, Integer> numbers = new IdentityHashMap<>();

        String of(Variable variable) {
            return "$" + numbers.computeIfAbsent(variable, _ -> numbers.size());
        }
    }

    static String print(Graph graph) {
        return new GraphText(graph).print();
    }

    private String print() {
        for (int i = 0; i < graph.steps().size(); i++) {
            Graph.Step step = graph.steps().get(i);
            line("%" + i + " = " + what(step) + " " + step.spec());
        }
        for (Graph.Update update : graph.updates()) {
            line(names.of(update.variable()) + " <- %" + update.step());
        }
        line(graph.outputs().stream().map(i -> " %" + i).collect(Collectors.joining(",", "return", "")));
        return text.toString();
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private String what(Graph.Step step) {
        return switch (step) {
            case Graph.Apply apply -> apply.toString();
            case Graph.Step leaf -> leaf(leaf, names);
        };
    }

    /** What a step is that applies no operation. */
    static String leaf(Graph.Step step, Names names) {
        return switch (step) {
            case Graph.Input input -> "input " + input.number();
            case Graph.Constant(Tensor value) -> "constant" + scalar(value);
            case Graph.Read(Variable variable) -> "read " + names.of(variable);
            case Graph.Apply apply -> apply.call();
        };
    }

    /** The value of a constant that is one number. */
    private static String scalar(Tensor value) {
        if (value.rank() > 0) {
            return "";
        }
        return " " + switch (value.dtype()) {
            case BOOL -> value.toBooleans()[0];
            case I32, I64 -> value.toLongs()[0]; // which a double cannot always be
            case F32, F64 -> value.item();
        };
    }
}
