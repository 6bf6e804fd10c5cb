package io.adjoint.examples.model;

import io.adjoint.autodiff.TensorSpec;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * What stands in a file, without the elements.
 *
 * @param metadata text that goes with the tensors
 * @param specs by name, in the order of the file
 */
record Listing(SequencedMap<String, String> metadata, SequencedMap<String, TensorSpec> specs) {
    static Listing of(Contents contents) {
        SequencedMap<String, TensorSpec> specs = new LinkedHashMap<>();
        contents.tensors().forEach((name, tensor) -> specs.put(name, tensor.spec()));
        return new Listing(contents.metadata(), specs);
    }
}
