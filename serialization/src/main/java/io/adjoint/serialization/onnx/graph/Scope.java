package io.adjoint.serialization.onnx.graph;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The values that have names while a graph runs, and those around it. */
final class Scope {
    private final Optional<Scope> around;
    private final Block block;
    private final Attributes function;
    private final int depth;
    private final Map<String, Value> values = new HashMap<>();

    Scope(Optional<Scope> around, Block block, Attributes function, int depth) {
        this.around = around;
        this.block = block;
        this.function = function;
        this.depth = depth;
    }

    /** The graph that runs. */
    Block block() {
        return block;
    }

    /** What the function that this is in was called with. */
    Attributes function() {
        return function;
    }

    /** How many graphs and functions run within each other here, this one included. */
    int depth() {
        return depth;
    }

    void put(String name, Value value) {
        values.put(name, value);
    }

    /** Lets go of a value that nobody here reads any more. */
    void remove(String name) {
        values.remove(name);
    }

    /** Whether the name stands for a value that is the same in every run. */
    boolean isFixed(String name) {
        Initialiser initialiser = block.initialisers().get(name);
        boolean isDefault = block.inputs().contains(name);
        if (initialiser == null && values.containsKey(name)) {
            return false;
        }
        return initialiser != null ? initialiser instanceof Initialiser.Fixed && !isDefault
                : around.map(outer -> outer.isFixed(name)).orElse(false);
    }

    Optional<Value> find(String name) {
        Value value = values.get(name);
        if (value != null) {
            return Optional.of(value);
        }
        Initialiser initialiser = block.initialisers().get(name);
        return initialiser != null ? Optional.of(initialiser.value()) : around.flatMap(outer -> outer.find(name));
    }
}
