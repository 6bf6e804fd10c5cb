package io.adjoint.autodiff.runtime;

/**
 * Work on arrays that were chosen once and for all, to be done again and again: everything that does not depend on their
 * elements was computed before, so a run allocates nothing. One thread at a time.
 */
@FunctionalInterface
public interface Launch {
    /** Does the work once. */
    void run();
}
