package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.runtime.Array;

/** The matrix product of two batches of matrices. */
public final class MatMulKernel {
    private MatMulKernel() {}

    /**
     * {@code out[b,i,j] = sum over p of left[b,i,p] * right[b,p,j]}, where the sum is {@code acc = fma(left, right,
     * acc)} for {@code p} in ascending order, beginning with +0: the same bits on every path and with any number of
     * threads. Integers wrap around.
     *
     * @param left rank 3, {@code [batch, m, k]}, any strides; F32, F64, I32 or I64, as the others
     * @param right rank 3, {@code [batch, k, n]}, any strides
     * @param out rank 3, {@code [batch, m, n]}, contiguous, overwritten; must not share its data with the others
     */
    public static void multiply(Array left, Array right, Array out) {
        assert left.shape().rank() == 3 && right.shape().rank() == 3 && out.shape().rank() == 3;
        assert left.dtype() == out.dtype() && right.dtype() == out.dtype();
        assert left.shape().dim(0) == out.shape().dim(0) && right.shape().dim(0) == out.shape().dim(0);
        assert left.shape().dim(1) == out.shape().dim(1) && right.shape().dim(2) == out.shape().dim(2);
        assert left.shape().dim(2) == right.shape().dim(1);
        assert out.isContiguous();
        if (out.size() == 0) {
            return;
        }
        switch (out.dtype()) {
            case F32 -> FloatProduct.multiply(left, right, out);
            case F64 -> DoubleProduct.multiply(left, right, out);
            case I32 -> IntegerMatMul.multiplyInts(left, right, out);
            case I64 -> IntegerMatMul.multiplyLongs(left, right, out);
            case BOOL -> throw new AssertionError(DType.BOOL);
        }
    }
}
