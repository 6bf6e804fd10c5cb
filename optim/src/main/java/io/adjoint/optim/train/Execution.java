package io.adjoint.optim.train;

/** How steps and evaluations run; they have the same bits either way. */
public enum Execution {
    /** Traced once for each shape of batches, and run from a plan: see {@link io.adjoint.autodiff.Program}. */
    COMPILED,
    /** Operation by operation, also where a model cannot be traced. */
    EAGER
}
