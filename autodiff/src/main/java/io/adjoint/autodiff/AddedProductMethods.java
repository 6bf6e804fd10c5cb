package io.adjoint.autodiff;

/**
 * Products of matrices and vectors added to a tensor: methods of a {@link Tensor}. Derivatives are those of sums and products.
 */
public sealed interface AddedProductMethods extends Shaped permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /** {@code this + left right} of matrices: {@link #addmm(Tensor, Tensor, double, double)} with factors of 1. */
    default Tensor addmm(Tensor left, Tensor right) {
        return addmm(left, right, 1, 1);
    }

    /**
     * {@code beta this + alpha (left right)} of matrices, {@code [m, k] x [k, n]}; this broadcasts to {@code [m, n]}. If beta
     * is 0, nothing of this counts, not even a NaN.
     */
    default Tensor addmm(Tensor left, Tensor right, double beta, double alpha) {
        Ranks.requireRanks("addmm", left, 2, right, 2);
        return addProduct("addmm", left.matmul(right), beta, alpha);
    }

    /** {@code this + matrix vector}: {@link #addmv(Tensor, Tensor, double, double)} with factors of 1. */
    default Tensor addmv(Tensor matrix, Tensor vector) {
        return addmv(matrix, vector, 1, 1);
    }

    /**
     * {@code beta this + alpha (matrix vector)}, {@code [m, k] x [k]}; this broadcasts to {@code [m]}. If beta is 0, nothing of
     * this counts, not even a NaN.
     */
    default Tensor addmv(Tensor matrix, Tensor vector, double beta, double alpha) {
        Ranks.requireRanks("addmv", matrix, 2, vector, 1);
        return addProduct("addmv", matrix.matmul(vector), beta, alpha);
    }

    /** {@code this + left[i] right[j]}: {@link #addr(Tensor, Tensor, double, double)} with factors of 1. */
    default Tensor addr(Tensor left, Tensor right) {
        return addr(left, right, 1, 1);
    }

    /**
     * {@code beta this + alpha left[i] right[j]} of vectors {@code [m]} and {@code [n]}; this broadcasts to {@code [m, n]}. If
     * beta is 0, nothing of this counts, not even a NaN.
     */
    default Tensor addr(Tensor left, Tensor right, double beta, double alpha) {
        Ranks.requireRanks("addr", left, 1, right, 1);
        return addProduct("addr", left.outer(right), beta, alpha);
    }

    /** {@code this + sum of left[b] right[b]}: {@link #addbmm(Tensor, Tensor, double, double)} with factors of 1. */
    default Tensor addbmm(Tensor left, Tensor right) {
        return addbmm(left, right, 1, 1);
    }

    /**
     * {@code beta this + alpha (sum over b of left[b] right[b])}, {@code [b, m, k] x [b, k, n]}; this broadcasts to {@code
     * [m, n]}. If beta is 0, nothing of this counts, not even a NaN.
     */
    default Tensor addbmm(Tensor left, Tensor right, double beta, double alpha) {
        Ranks.requireBatches("addbmm", left, right);
        return addProduct("addbmm", left.matmul(right).sum(0), beta, alpha);
    }

    /** {@code this + left[b] right[b]}: {@link #baddbmm(Tensor, Tensor, double, double)} with factors of 1. */
    default Tensor baddbmm(Tensor left, Tensor right) {
        return baddbmm(left, right, 1, 1);
    }

    /**
     * {@code beta this[b] + alpha (left[b] right[b])}, {@code [b, m, k] x [b, k, n]}; this broadcasts to {@code [b, m, n]}. If
     * beta is 0, nothing of this counts, not even a NaN.
     */
    default Tensor baddbmm(Tensor left, Tensor right, double beta, double alpha) {
        Ranks.requireBatches("baddbmm", left, right);
        return addProduct("baddbmm", left.matmul(right), beta, alpha);
    }

    private Tensor addProduct(String operation, Tensor product, double beta, double alpha) {
        if (dtype() == DType.BOOL) {
            throw ShapeException.of(operation, "BOOL does not add").operand("input", spec())
                    .expected("an integer or float");
        }
        if (!Shape.broadcast(operation, shape(), product.shape()).equals(product.shape())) {
            throw ShapeException.of(operation, "the input does not broadcast to the product").operand("input", shape())
                    .operand("product", product.shape()).expected("an input that stretches to the product's shape");
        }
        Tensor scaled = alpha == 1 ? product : product.mul(alpha);
        if (beta == 0) {
            return scaled.cast(DType.promote(dtype(), scaled.dtype()));
        }
        return (beta == 1 ? self() : self().mul(beta)).add(scaled);
    }
}
