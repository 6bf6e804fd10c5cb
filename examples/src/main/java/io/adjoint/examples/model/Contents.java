package io.adjoint.examples.model;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * What stands in a file.
 *
 * @param metadata text that goes with the tensors
 * @param tensors by name, in the order of the file
 */
record Contents(SequencedMap<String, String> metadata, SequencedMap<String, Tensor> tensors) {
    SequencedMap<String, TensorSpec> specs() {
        SequencedMap<String, TensorSpec> specs = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> specs.put(name, tensor.spec()));
        return specs;
    }
}
