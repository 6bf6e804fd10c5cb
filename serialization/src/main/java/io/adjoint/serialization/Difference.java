package io.adjoint.serialization;

import io.adjoint.autodiff.TensorSpec;
import java.util.Optional;

/** A tensor of a file and a variable of a model that do not go together, or one without the other. */
public sealed interface Difference {
    /** The path in the model; of what is in the file only, the path that it would have there. */
    String path();

    /**
     * In the model only.
     *
     * @param path of the variable
     * @param expected its dtype and shape
     * @param nearest name of what is in the file only
     */
    record Missing(String path, TensorSpec expected, Optional<String> nearest) implements Difference {}

    /**
     * In the file only.
     *
     * @param path of the tensor, as it would be in the model
     * @param found its dtype and shape
     * @param nearest name of what is in the model only
     */
    record Unexpected(String path, TensorSpec found, Optional<String> nearest) implements Difference {}

    /**
     * In both, with another dtype or shape.
     *
     * @param path in both
     * @param found dtype and shape in the file
     * @param expected dtype and shape in the model
     */
    record Unequal(String path, TensorSpec found, TensorSpec expected) implements Difference {}
}
