package io.adjoint.optim.stage;

import io.adjoint.optim.Transformation.Stage;

/** A stage that leaves out updates that are not finite, so what other stages remember in front of it may hold some for a while. */
public interface Forgiving extends Stage {}
