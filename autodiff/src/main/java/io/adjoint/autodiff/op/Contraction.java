package io.adjoint.autodiff.op;

/** Operations that sum products over shared axes. */
public sealed interface Contraction extends Op permits MatMul {
    /** Whether each row of the result is the same row of the first input times the second. */
    boolean multipliesRows();
}
