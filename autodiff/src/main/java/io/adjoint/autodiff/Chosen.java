package io.adjoint.autodiff;

/**
 * Elements that a function chose, and where they stood.
 *
 * @param values the elements; a gradient goes back to where each was taken from
 * @param places I64: their numbers along the axis
 */
public record Chosen(Tensor values, Tensor places) {}
