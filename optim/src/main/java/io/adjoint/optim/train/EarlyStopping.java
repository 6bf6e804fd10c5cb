package io.adjoint.optim.train;

import io.adjoint.autodiff.ShapeException;
import java.util.Objects;

/**
 * Ends a training once so many epochs in a row were no better.
 *
 * @param patience epochs without a better figure after which it ends, 1 or more
 * @param minDelta by how much a figure must be better than the best to count, 0 or more
 * @param keep what the model holds afterwards
 */
public record EarlyStopping(int patience, double minDelta, Keep keep) {
    /** What a model holds after its training, also where it was not ended early. */
    public enum Keep {
        /** The values of the epoch with the best figure, as they were judged: averages where the optimizer makes some. */
        BEST,
        /** The values of the last step. */
        LAST
    }

    public EarlyStopping {
        Objects.requireNonNull(keep, "keep");
        if (patience < 1 || !(minDelta >= 0)) {
            throw ShapeException.of("early_stopping", "out of range").operand("patience", patience)
                    .operand("min_delta", minDelta).expected("a patience of 1 or more, and a difference of 0 or more");
        }
    }

    /** Any improvement counts, and the best values are kept. */
    public static EarlyStopping of(int patience) {
        return new EarlyStopping(patience, 0, Keep.BEST);
    }

    /** The same with another least difference. */
    public EarlyStopping withMinDelta(double difference) {
        return new EarlyStopping(patience, difference, keep);
    }

    /** The same with other values in the end. */
    public EarlyStopping withKeep(Keep other) {
        return new EarlyStopping(patience, minDelta, other);
    }
}
