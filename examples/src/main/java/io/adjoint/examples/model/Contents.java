package io.adjoint.examples.model;

import io.adjoint.autodiff.Tensor;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;

/**
 * What stands in a file.
 *
 * @param metadata text that goes with the tensors
 * @param tensors by name, in the order of the file
 * @param constants the names of those that belong to a graph and are no variables
 */
record Contents(SequencedMap<String, String> metadata, SequencedMap<String, Tensor> tensors, Set<String> constants) {
    /** Of a file without a graph. */
    Contents(SequencedMap<String, String> metadata, SequencedMap<String, Tensor> tensors) {
        this(metadata, tensors, Set.of());
    }

    /** Without some of the constants. */
    Contents without(Set<String> names) {
        SequencedMap<String, Tensor> rest = new LinkedHashMap<>(tensors);
        rest.keySet().removeAll(names);
        return new Contents(metadata, rest);
    }
}
