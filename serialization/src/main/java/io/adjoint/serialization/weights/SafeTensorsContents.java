package io.adjoint.serialization.weights;

import io.adjoint.autodiff.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * Everything that stands in a safetensors file. Immutable.
 *
 * @param metadata the text that goes with the tensors, in the order of the file
 * @param tensors the tensors by name, in the order of their data
 */
public record SafeTensorsContents(SequencedMap<String, String> metadata, SequencedMap<String, Tensor> tensors) {
    /** Copies the maps. */
    public SafeTensorsContents {
        metadata = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(metadata));
        tensors = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tensors));
    }
}
