package io.adjoint.autodiff.tape;

/** A run of code on tensors without values, to learn what it computes. */
sealed interface Trace permits RuleTrace, GraphTrace {
    /** The trace that the calling thread is in. */
    ScopedValue<Trace> OPEN = ScopedValue.newInstance();

    /** The trace that the calling thread is in, null if it is in none. */
    static Trace open() {
        return OPEN.isBound() ? OPEN.get() : null;
    }
}
