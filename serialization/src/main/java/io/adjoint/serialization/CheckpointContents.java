package io.adjoint.serialization;

import io.adjoint.autodiff.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Everything that stands in a checkpoint file, verified. Immutable.
 *
 * @param libraryVersion version of the library that wrote the file
 * @param metadata what was written along with the tensors, in the order of the keys
 * @param tensors the tensors by path, in the order in which they were saved
 */
public record CheckpointContents(String libraryVersion, SequencedMap<String, String> metadata,
        SequencedMap<String, Tensor> tensors) {
    /** Copies the maps. */
    public CheckpointContents {
        metadata = copy(metadata);
        tensors = copy(tensors);
    }

    private static <V> SequencedMap<String, V> copy(Map<String, V> map) {
        return Collections.unmodifiableSequencedMap(new LinkedHashMap<>(map));
    }
}
