package io.adjoint.autodiff.function;

import io.adjoint.autodiff.Tensor;

/**
 * A matrix as {@code u diag(s) v^T}; {@code k = min(m, n)}.
 *
 * @param u {@code [..., m, k]} with orthonormal columns; in each the element of greatest magnitude is positive
 * @param s {@code [..., k]}, descending
 * @param v {@code [..., n, k]} with orthonormal columns: not transposed
 */
public record Svd(Tensor u, Tensor s, Tensor v) {}
