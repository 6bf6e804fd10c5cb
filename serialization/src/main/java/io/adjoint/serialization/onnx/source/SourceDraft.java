package io.adjoint.serialization.onnx.source;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/** The body of a method that does the steps of a graph, in the graph's order. */
final class SourceDraft {
    /** A longer chain of calls is broken by a variable. */
    private static final int CHAIN = 90;

    private static final String CONSTANT = "constant.";

    private final Graph graph;
    private final Map<Variable, String> paths;
    private final Expressions expressions;
    private final Literals literals;
    private final int[] uses;
    private final Map<Integer, Text> sources = new HashMap<>();
    private final Set<String> names;
    private final Set<String> stored;
    private final Map<String, Integer> counts = new HashMap<>();
    private final List<Text> statements = new ArrayList<>();
    private final SequencedMap<String, Tensor> constants = new LinkedHashMap<>();

    /**
     * A draft.
     *
     * @param graph the steps
     * @param inputs the names of the method's parameters
     * @param paths the names of variables
     * @param literals collects what has to be imported
     */
    SourceDraft(Graph graph, List<String> inputs, Map<Variable, String> paths, Literals literals) {
        this.graph = graph;
        this.paths = paths;
        this.literals = literals;
        this.expressions = new Expressions(literals);
        this.uses = uses();
        this.names = new HashSet<>(inputs);
        this.stored = new HashSet<>(paths.values());
        for (int i = 0; i < graph.steps().size(); i++) {
            if (uses[i] > 0) {
                add(i, inputs);
            }
        }
    }

    /** How often each step is read by those that lead to a result. */
    private int[] uses() {
        int[] count = new int[graph.steps().size()];
        graph.outputs().forEach(output -> count[output]++);
        for (int i = count.length - 1; i >= 0; i--) {
            if (count[i] > 0 && graph.steps().get(i) instanceof Graph.Apply apply) {
                apply.inputs().forEach(input -> count[input]++);
            }
        }
        return count;
    }

    private void add(int number, List<String> inputs) {
        sources.put(number, switch (graph.steps().get(number)) {
            case Graph.Input input -> Text.of(inputs.get(input.number()));
            case Graph.Read read -> Text.of("weight(", literals.of(paths.get(read.variable())), ")");
            case Graph.Constant constant -> constant(constant.value());
            case Graph.Apply apply -> call(number, apply);
        });
    }

    /** A large constant goes with the weights, under a name that none of them has. */
    private Text constant(Tensor value) {
        return literals.of(value).orElseGet(() -> {
            int number = constants.size();
            while (!stored.add(CONSTANT + number)) {
                number++;
            }
            String name = CONSTANT + number;
            constants.put(name, value);
            return Text.of("weight(", literals.of(name), ")");
        });
    }

    private Text call(int number, Graph.Apply apply) {
        List<TensorSpec> specs = apply.inputs().stream().map(i -> graph.steps().get(i).spec()).toList();
        Expressions.Call call = expressions.of(apply.op(), apply.inputs().stream().map(sources::get).toList(), specs);
        boolean isGoingOn = uses[number] == 1 && call.source().length() < CHAIN && isReceiver(number);
        if (isGoingOn) {
            return call.source();
        }
        Text name = Text.of(fresh(apply.op().id()));
        statements.add(Text.of("Tensor ", name, " = ", call.source(), ";"));
        return name;
    }

    /** Whether the next step is a method of this one: then nothing can come between. */
    private boolean isReceiver(int number) {
        for (int next = number + 1; next < graph.steps().size(); next++) {
            if (uses[next] == 0 || !(graph.steps().get(next) instanceof Graph.Apply apply)) {
                continue;
            }
            if (!apply.inputs().contains(number)) {
                return false;
            }
            List<Text> operands = apply.inputs().stream().map(_ -> Text.of("x")).toList();
            List<TensorSpec> specs = apply.inputs().stream().map(i -> graph.steps().get(i).spec()).toList();
            return apply.inputs().getFirst() == number && expressions.of(apply.op(), operands, specs).isChained();
        }
        return false;
    }

    /** {@code matmul1}, {@code matmul2}, ..., without those that are taken. */
    private String fresh(String id) {
        StringBuilder name = new StringBuilder();
        for (String word : id.toLowerCase(Locale.ROOT).split("_")) {
            name.append(name.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        String numbered;
        do {
            numbered = name.toString() + counts.merge(name.toString(), 1, Integer::sum);
        } while (!names.add(numbered));
        return numbered;
    }

    /** In order. */
    List<Text> statements() {
        return statements;
    }

    /** The sources of the results. */
    List<Text> results() {
        return graph.outputs().stream().map(sources::get).toList();
    }

    /** Constants that are too large for source, by name. */
    SequencedMap<String, Tensor> constants() {
        return constants;
    }
}
