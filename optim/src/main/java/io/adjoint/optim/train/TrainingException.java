package io.adjoint.optim.train;

/** A training cannot go on: its loss is not a number. The message says the step and the operation that made it. */
public final class TrainingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long step;

    TrainingException(long step, String message, Throwable cause) {
        super(message, cause);
        this.step = step;
    }

    /** Number of steps completed before the one that went wrong. */
    public long step() {
        return step;
    }
}
