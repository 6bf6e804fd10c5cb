package io.adjoint.autodiff;

import io.adjoint.autodiff.op.Op;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A graph as text that is the same for the same graph. */
final class GraphText {
    private final Graph graph;
    private final StringBuilder text = new StringBuilder();
    /** Variables are called by the order in which they are met. */
    private final Map<Variable, Integer> variables = new IdentityHashMap<>();

    private GraphText(Graph graph) {
        this.graph = graph;
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
            line(name(update.variable()) + " <- %" + update.step());
        }
        line("return " + graph.outputs().stream().map(i -> "%" + i).collect(Collectors.joining(", ")));
        return text.toString();
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private String what(Graph.Step step) {
        return switch (step) {
            case Graph.Input input -> "input " + input.number();
            case Graph.Constant constant -> "constant" + scalar(constant.value());
            case Graph.Read(Variable variable) -> "read " + name(variable);
            case Graph.Apply apply -> apply.op().id() + attributes(apply.op())
                    + apply.inputs().stream().map(i -> "%" + i).collect(Collectors.joining(", ", "(", ")"));
        };
    }

    private static String scalar(Tensor value) {
        return value.rank() == 0 ? " " + value.item() : "";
    }

    private String name(Variable variable) {
        return "$" + variables.computeIfAbsent(variable, _ -> variables.size());
    }

    /** The components of an operation that is a record, as {@code {axis=1, shape=[2, 3]}}. */
    private static String attributes(Op op) {
        RecordComponent[] components = op.getClass().getRecordComponents();
        if (components == null || components.length == 0) {
            return "";
        }
        return List.of(components).stream().map(component -> component.getName() + "=" + value(op, component))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static Object value(Op op, RecordComponent component) {
        try {
            component.getAccessor().trySetAccessible();
            return component.getAccessor().invoke(op);
        } catch (IllegalAccessException _) {
            return "?"; // a custom operation in a module that is closed to reflection
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
