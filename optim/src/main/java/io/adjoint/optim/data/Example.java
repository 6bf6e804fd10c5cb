package io.adjoint.optim.data;

import io.adjoint.autodiff.Tensor;

/**
 * One thing to learn from.
 *
 * @param features of any shape
 * @param target of any shape; a label is an I64 scalar
 */
public record Example(Tensor features, Tensor target) {}
