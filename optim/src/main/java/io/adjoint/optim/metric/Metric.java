package io.adjoint.optim.metric;
/** Metric. */
public interface Metric {}
