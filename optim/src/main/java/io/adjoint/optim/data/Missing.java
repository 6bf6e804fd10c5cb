package io.adjoint.optim.data;

import io.adjoint.autodiff.ShapeException;

/** What becomes of missing values among the features of a table. A missing target is refused, or its row is dropped. */
public sealed interface Missing {
    /** A missing value is refused, with its line and column. */
    Missing REFUSE = new Refuse();
    /** A row in which a value is missing is left out. */
    Missing DROP = new Drop();
    /** A missing number is the mean of its column in the training part; a missing word is no category: all zeros. */
    Missing MEAN = new Mean();

    /** A missing number is this one; a missing word is no category: all zeros. */
    static Missing constant(double value) {
        return new Constant(value);
    }

    /** See {@link #REFUSE}. */
    record Refuse() implements Missing {}

    /** See {@link #DROP}. */
    record Drop() implements Missing {}

    /** See {@link #MEAN}. */
    record Mean() implements Missing {}

    /**
     * See {@link #constant}.
     *
     * @param value that is filled in
     */
    record Constant(double value) implements Missing {
        /** Refuses what is no finite number. */
        public Constant {
            if (!Double.isFinite(value)) {
                throw ShapeException.of("missing", "not a number to fill in").operand("value", value)
                        .expected("a finite number");
            }
        }
    }
}
