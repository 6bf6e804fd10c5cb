package io.adjoint.optim.train;

import io.adjoint.optim.schedule.Plateau.Goal;
import java.util.Objects;

/**
 * By which figure an epoch is better than another. The figure is of the validation where there is one, else the mean loss of the
 * training. A training in which it is NaN ends with a {@link TrainingException}; other figures may be.
 *
 * @param figure {@code loss}, or the name of a metric
 * @param goal which figures are good
 */
public record Criterion(String figure, Goal goal) {
    /** A low loss. */
    public static final Criterion LOSS = new Criterion(Evaluation.LOSS, Goal.LOW);

    public Criterion {
        Objects.requireNonNull(figure, "figure");
        Objects.requireNonNull(goal, "goal");
    }

    /** A high figure of this metric, such as {@code accuracy}. */
    public static Criterion highest(String metric) {
        return new Criterion(metric, Goal.HIGH);
    }

    /** A low figure of this metric, such as {@code MAE}. */
    public static Criterion lowest(String metric) {
        return new Criterion(metric, Goal.LOW);
    }

    /** Whether a figure is better than another by more than a margin. NaN is no better than any. */
    boolean isBetter(double figure, double than, double margin) {
        return switch (goal) {
            case LOW -> figure < than - margin;
            case HIGH -> figure > than + margin;
        };
    }

    /** Worse than every figure. */
    double worst() {
        return goal == Goal.LOW ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    }
}
