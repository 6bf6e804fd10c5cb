package io.adjoint.serialization.onnx.read;

import java.util.Optional;
import java.util.Set;

/**
 * The names that a node may use: those defined so far in its graph, and around it. Graphs share what is around them, for a file
 * may hold thousands.
 *
 * @param own names of the graph, which become more while it is read
 * @param around what is around the graph
 */
record Visible(Set<String> own, Optional<Visible> around) {
    /** What a graph sees that nothing is around. */
    static Visible only(Set<String> own) {
        return new Visible(own, Optional.empty());
    }

    boolean contains(String name) {
        Optional<Visible> scope = Optional.of(this);
        while (scope.isPresent()) {
            if (scope.get().own.contains(name)) {
                return true;
            }
            scope = scope.get().around;
        }
        return false;
    }
}
