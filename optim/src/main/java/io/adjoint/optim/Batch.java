package io.adjoint.optim;

import io.adjoint.autodiff.Tensor;

/**
 * Some examples of a {@link Dataset}, for one training step.
 *
 * @param features {@code [n, ...]}
 * @param targets {@code [n, ...]}; labels are I64 {@code [n]}
 */
public record Batch(Tensor features, Tensor targets) {}
