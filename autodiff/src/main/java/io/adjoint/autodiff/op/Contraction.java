package io.adjoint.autodiff.op;

/** Operations that sum products over shared axes. */
public sealed interface Contraction extends Op permits MatMul {}
