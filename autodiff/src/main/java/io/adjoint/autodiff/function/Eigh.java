package io.adjoint.autodiff.function;

import io.adjoint.autodiff.Tensor;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix.
 *
 * @param values {@code [..., n]}, ascending
 * @param vectors {@code [..., n, n]}: column j belongs to value j; its element of greatest magnitude is positive
 */
public record Eigh(Tensor values, Tensor vectors) {}
