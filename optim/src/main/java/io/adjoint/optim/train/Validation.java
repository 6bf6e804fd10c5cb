package io.adjoint.optim.train;

import io.adjoint.optim.data.Batches;
import io.adjoint.optim.metric.Metric;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How each epoch is judged.
 *
 * @param data held back; those of their epoch 0, each time
 * @param metrics computed on these data, each with a name of its own
 * @param criterion by which the best epoch is found
 */
public record Validation(Optional<Batches> data, List<Metric> metrics, Criterion criterion) {
    /** By the loss of the training alone. */
    public static final Validation NONE = new Validation(Optional.empty(), List.of(), Criterion.LOSS);

    public Validation {
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(criterion, "criterion");
        metrics = List.copyOf(metrics);
        Evaluator.requireOwnNames(metrics);
    }

    /** By data held back. */
    public static Validation on(Batches data, Metric... metrics) {
        return new Validation(Optional.of(data), List.of(metrics), Criterion.LOSS);
    }

    /** The same with another criterion. */
    public Validation withCriterion(Criterion other) {
        return new Validation(data, metrics, other);
    }
}
