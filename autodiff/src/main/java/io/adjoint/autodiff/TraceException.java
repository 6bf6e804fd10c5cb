package io.adjoint.autodiff;

/**
 * A function cannot be traced: it does something that has no meaning while its tensors have no values. The message says
 * what, what was expected, and the line of the traced function in which it happened.
 */
public final class TraceException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** Made by the tracer. */
    TraceException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * A mistake in the traced function.
     *
     * @param rule what is wrong
     * @param expected what would have been right
     */
    public static TraceException of(String rule, String expected) {
        return new TraceException("trace: " + rule + "; expected " + expected, null);
    }

    /** This with the line of the traced function at which it happened, where one is known. */
    public static TraceException at(String place, RuntimeException cause) {
        return new TraceException(cause.getMessage() + " (at " + place + ")", cause);
    }
}
