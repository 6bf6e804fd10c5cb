package io.adjoint.autodiff;

/**
 * The different elements of a tensor.
 *
 * @param values {@code [count]}; each hands its gradient on to the first of its equals
 * @param inverse I64, of the tensor's shape: which of the values stands at each place
 * @param counts I64 {@code [count]}: how often each value occurs
 */
public record Unique(Tensor values, Tensor inverse, Tensor counts) {}
