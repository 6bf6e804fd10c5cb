package io.adjoint.optim.metric;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/**
 * A figure for how good predictions are, gathered batch by batch. The value depends on the examples alone, not on how they were
 * cut into batches, on their order, or on which of several metrics that were merged saw them: to the bit, since counts are whole
 * and sums are exact until the value is asked for.
 *
 * {@snippet :
 * Metric accuracy = Accuracy.of();
 * for (Batch batch : heldBack.batches(256).epoch(0)) {
 *     accuracy.update(model.forward(batch.features()), batch.targets());
 * }
 * System.out.println(accuracy.value());
 * }
 *
 * <p>One thread at a time; give each thread a {@link #fresh} one and merge them.
 */
public interface Metric {
    /** What it is called in reports, such as {@code accuracy}. */
    String name();

    /**
     * Takes in a batch.
     *
     * @throws ShapeException if shapes or dtypes do not fit, or a label is out of range; nothing was taken in then
     */
    void update(Tensor prediction, Tensor target);

    /** The figure over all examples so far, NaN if there is none. */
    double value();

    /**
     * Takes in all that another metric of the same kind and configuration has seen.
     *
     * @throws ShapeException if it is another one
     */
    void merge(Metric other);

    /** One of the same kind and configuration that has seen nothing. */
    Metric fresh();
}
