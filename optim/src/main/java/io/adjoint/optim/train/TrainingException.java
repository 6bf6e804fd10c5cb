package io.adjoint.optim.train;

/**
 * A training cannot go on: a loss, a gradient or a parameter is not a finite number, or what a validation is judged by is NaN. The message
 * says the step, and the operation that made it where one did.
 */
public final class TrainingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long step;

    TrainingException(long step, String message, Throwable cause) {
        super(message, cause);
        this.step = step;
    }

    /** Number of steps completed before the one, or the validation, that went wrong. */
    public long step() {
        return step;
    }
}
