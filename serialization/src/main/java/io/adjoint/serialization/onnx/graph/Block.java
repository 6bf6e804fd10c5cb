package io.adjoint.serialization.onnx.graph;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.Module;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/** A graph: nodes in order of computation, between named inputs and outputs. A name inside hides the same one outside. */
public final class Block {
    /** How many graphs and functions may be within each other: the stack is as deep when they run. */
    public static final int MAX_DEPTH = 64;

    private final List<String> inputs;
    private final List<String> outputs;
    private final List<Node> nodes;
    private final SequencedMap<String, Initialiser> initialisers;
    private final Set<String> captures;
    /** For each node, the names that nobody reads after it. */
    private final List<List<String>> done;

    /**
     * A graph of nodes that are in order: each reads what stands before it, or around the graph.
     *
     * @param inputs names, of which those that are initialisers too have a default
     * @param outputs names
     * @param nodes in order of computation
     * @param initialisers by name
     */
    public Block(List<String> inputs, List<String> outputs, List<Node> nodes,
            Map<String, ? extends Initialiser> initialisers) {
        this.inputs = List.copyOf(inputs);
        this.outputs = List.copyOf(outputs);
        this.nodes = List.copyOf(nodes);
        this.initialisers = new LinkedHashMap<>(initialisers);
        this.captures = captured();
        this.done = lastReads();
    }

    private Set<String> captured() {
        Set<String> own = new HashSet<>(inputs);
        own.addAll(initialisers.keySet());
        nodes.forEach(node -> own.addAll(node.outputs()));
        Set<String> captured = new LinkedHashSet<>();
        nodes.forEach(node -> node.reads().filter(name -> !own.contains(name)).forEach(captured::add));
        outputs.stream().filter(name -> !own.contains(name)).forEach(captured::add);
        captured.remove("");
        return captured;
    }

    private List<List<String>> lastReads() {
        Set<String> later = new HashSet<>(outputs);
        List<List<String>> last = new ArrayList<>();
        for (Node node : nodes.reversed()) {
            List<String> ends = new ArrayList<>();
            node.reads().filter(later::add).forEach(ends::add);
            node.outputs().stream().filter(later::add).forEach(ends::add);
            last.add(List.copyOf(ends));
        }
        return List.copyOf(last.reversed());
    }

    /** The names of the inputs. */
    public List<String> inputs() {
        return inputs;
    }

    /** The names of the outputs. */
    public List<String> outputs() {
        return outputs;
    }

    /** In order of computation. */
    public List<Node> nodes() {
        return nodes;
    }

    /** By name. */
    public SequencedMap<String, Initialiser> initialisers() {
        return initialisers;
    }

    /** The part of this graph that leads from some names to another. */
    Block between(List<String> given, String wanted) {
        Set<String> needed = new HashSet<>(Set.of(wanted));
        List<Node> part = new ArrayList<>();
        for (Node node : nodes.reversed()) {
            if (node.outputs().stream().anyMatch(name -> needed.contains(name) && !given.contains(name))) {
                node.reads().forEach(needed::add);
                part.add(node);
            }
        }
        return new Block(given, List.of(wanted), part.reversed(), Map.of());
    }

    /** The names that are looked up around the graph. */
    Set<String> captures() {
        return captures;
    }

    /**
     * Computes the outputs of a graph that nothing is around.
     *
     * @param given for each input, empty for one that is left out
     */
    public List<Value> run(List<Optional<Value>> given) {
        return run(new Scope(Optional.empty(), this, Attributes.NONE, 1), given);
    }

    /** Computes the outputs of a graph inside of another. */
    List<Value> runWithin(Scope around, List<Optional<Value>> given) {
        return run(new Scope(Optional.of(around), this, around.function(), around.depth() + 1), given);
    }

    /** Computes the outputs of the graph of a function, which sees its attributes and no names of the graph that calls it. */
    List<Value> runCalledBy(Scope caller, Attributes function, List<Optional<Value>> given) {
        return run(new Scope(Optional.empty(), this, function, caller.depth() + 1), given);
    }

    /** Graphs that functions are given, and gradients, may lead deeper than the file has them within each other, and back. */
    private List<Value> run(Scope scope, List<Optional<Value>> given) {
        if (scope.depth() > MAX_DEPTH) {
            throw ShapeException.of("graph", "graphs and functions run within each other too deep")
                    .operand("levels", scope.depth()).expected("at most " + MAX_DEPTH);
        }
        if (given.size() > inputs.size()) {
            throw ShapeException.of("graph", "too many inputs").operand("inputs", given.size())
                    .expected("at most " + inputs.size());
        }
        for (int i = 0; i < given.size(); i++) {
            String name = inputs.get(i);
            given.get(i).ifPresent(value -> scope.put(name, value));
        }
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            Module.within(node.name(), () -> run(node, scope));
            done.get(i).forEach(scope::remove);
        }
        return outputs.stream().map(name -> scope.find(name).orElseThrow(
                () -> ShapeException.of("graph", "an output has no value").operand("output", name)
                        .expected("a node that computes it")))
                .toList();
    }

    /** Returns what captures show of the node: its first output. */
    private static Tensor run(Node node, Scope scope) {
        List<Value> results = node.code().apply(new Call(node, scope));
        if (results.isEmpty()) {
            throw ShapeException.of(node.operator(), "it computes nothing").operand("outputs", node.outputs())
                    .expected("an operator, function or graph with an output");
        }
        for (int i = 0; i < node.outputs().size(); i++) {
            String name = node.outputs().get(i);
            if (i < results.size()) {
                scope.put(name, results.get(i));
            } else if (!name.isEmpty()) {
                throw ShapeException.of(node.operator(), "the operator has fewer outputs")
                        .operand("outputs", node.outputs().size()).expected("at most " + results.size());
            }
        }
        return results.getFirst().tensor();
    }
}
