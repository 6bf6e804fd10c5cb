package io.adjoint.examples;

/** Something the person at the keyboard can put right: its message is shown as one sentence, without a stack trace. */
public final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With the sentence that is shown. */
    public UserError(String message) {
        super(message);
    }
}
