package io.adjoint.autodiff.tape;

/** A run of code of which every operation is seen: on tensors without values, to learn what it computes, or on values, to judge them. */
sealed interface Trace permits LaneTrace, GraphTrace, FiniteWatch {
    /** The trace that the calling thread is in. */
    ScopedValue<Trace> OPEN = ScopedValue.newInstance();

    /** The trace that the calling thread is in, null if it is in none. */
    static Trace open() {
        return OPEN.isBound() ? OPEN.get() : null;
    }
}
