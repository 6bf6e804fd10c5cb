package io.adjoint.autodiff.function;

import io.adjoint.autodiff.Tensor;

/**
 * A matrix as the product of one with orthonormal columns and a triangular one.
 *
 * @param q {@code [..., m, k]} with {@code q^T q = 1}
 * @param r {@code [..., k, n]}, zero below the diagonal, on which no number is negative
 */
public record Qr(Tensor q, Tensor r) {}
