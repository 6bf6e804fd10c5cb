package io.adjoint.serialization.onnx;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An input or output of a model.
 *
 * @param name in the model
 * @param type of the elements
 * @param shape an extent for each axis, empty if the model does not say how many axes there are
 */
public record ValueSpec(String name, ElementType type, Optional<List<Dimension>> shape) {
    public ValueSpec {
        shape = shape.map(List::copyOf);
    }

    /** As {@code x float[batch, 3, 224, 224]}. */
    @Override
    public String toString() {
        return name + " " + type + shape.map(dims -> dims.stream().map(Dimension::toString)
                .collect(Collectors.joining(", ", "[", "]"))).orElse("[...]");
    }
}
