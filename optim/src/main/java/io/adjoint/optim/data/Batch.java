package io.adjoint.optim.data;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.List;
import java.util.stream.Gatherers;
import java.util.stream.Stream;

/**
 * Some examples, for one training step.
 *
 * @param features {@code [n, ...]}
 * @param targets {@code [n, ...]}; labels are I64 {@code [n]}
 */
public record Batch(Tensor features, Tensor targets) {
    /**
     * Examples side by side.
     *
     * @param examples of one shape each, one or more
     */
    public static Batch of(List<Example> examples) {
        return new Batch(Tensor.stack(0, examples.stream().map(Example::features).toArray(Tensor[]::new)),
                Tensor.stack(0, examples.stream().map(Example::target).toArray(Tensor[]::new)));
    }

    /**
     * Cuts a stream, which may have no end, into batches in its order; the last one may have fewer examples.
     *
     * @param size examples of a batch, 1 or more
     * @throws ShapeException if the size is below 1
     */
    public static Stream<Batch> cut(Stream<Example> examples, int size) {
        Batches.requireSize(size);
        return examples.gather(Gatherers.windowFixed(size)).map(Batch::of);
    }

    /** Number of examples. */
    public int size() {
        return features.dim(0);
    }
}
