package io.adjoint.examples;

/** Something the person at the keyboard can put right: its message is shown as one sentence, without a stack trace. */
final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UserError(String message) {
        super(message);
    }
}
