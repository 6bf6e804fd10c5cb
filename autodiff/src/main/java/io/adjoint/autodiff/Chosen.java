package io.adjoint.autodiff;

/**
 * Elements chosen along an axis, and where they were.
 *
 * @param values the elements; each hands its gradient on to where it was
 * @param indices I64, the place of each along the axis
 */
public record Chosen(Tensor values, Tensor indices) {}
