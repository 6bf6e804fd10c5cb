package io.adjoint.autodiff;

import io.adjoint.autodiff.op.MatMul;
import io.adjoint.autodiff.tape.Internals;
import java.util.Arrays;

/**
 * Products of matrices and vectors: methods of a {@link Tensor}.
 */
public sealed interface ProductMethods extends Shaped permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /**
     * The matrix product: {@code [..., m, k] x [..., k, n] -> [..., m, n]} with broadcast batch axes. A vector on the left
     * counts as one row, on the right as one column, and that axis vanishes from the result. Summed along k in order with
     * fused multiply-add. Derivatives: {@code g b^T} and {@code a^T g}.
     */
    default Tensor matmul(Tensor other) {
        if (rank() == 0 || other.rank() == 0) {
            throw ShapeException.of("matmul", "not matrices or vectors").operand("left", shape())
                    .operand("right", other.shape()).expected("rank 1 or more on both sides; mul scales by a number");
        }
        MatMul.requireInner(shape(), other.shape());
        DType dtype = DType.promote(dtype(), other.dtype());
        Tensor left = (rank() == 1 ? self().unsqueeze(0) : self()).cast(dtype);
        Tensor right = (other.rank() == 1 ? other.unsqueeze(1) : other).cast(dtype);
        Tensor product = left.rank() > 2 && right.rank() == 2 && Internals.array(left).isContiguous()
                ? rowsTimes(left, right)
                : new MatMul().apply(left, right);
        product = rank() == 1 ? product.squeeze(-2) : product;
        return other.rank() == 1 ? product.squeeze(-1) : product;
    }

    /** A batch of matrices times one matrix is one tall matrix times it. */
    private static Tensor rowsTimes(Tensor left, Tensor right) {
        int[] dims = left.shape().dims();
        dims[dims.length - 1] = right.dim(1);
        int rows = Shape.of(Arrays.copyOf(left.shape().dims(), left.rank() - 1)).size();
        return new MatMul().apply(left.reshape(Shape.of(rows, left.dim(-1))), right).reshape(Shape.of(dims));
    }
}
