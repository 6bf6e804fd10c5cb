package io.adjoint.autodiff.check;

/**
 * An operation made a NaN or an infinity where {@link FiniteCheck} looked for it. The message is one line: the operation, the line
 * of the user's code, and what the operands were.
 *
 * <pre>{@code log made NaN at Net.forward(Net.java:17): F32[10, 3] from -0.5 to 2.25 -> F32[10, 3]}</pre>
 */
public final class NotFiniteException extends ArithmeticException {
    private static final long serialVersionUID = 1L;

    private final String operation;

    /** Made by the check. */
    public NotFiniteException(String operation, String message) {
        super(message);
        this.operation = operation;
    }

    /** Name of the operation; of one whose gradient it was, where it was in a gradient. */
    public String operation() {
        return operation;
    }
}
