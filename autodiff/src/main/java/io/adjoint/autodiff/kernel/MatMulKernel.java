package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;

/** The matrix product of two batches of matrices. */
public final class MatMulKernel {
    private MatMulKernel() {}

    /**
     * {@code out[b,i,j] = sum over p of left[b,i,p] * right[b,p,j]}, where the sum is {@code acc = fma(left, right,
     * acc)} for {@code p} in ascending order, beginning with +0: the same bits on every path and with any number of
     * threads. Integers wrap around.
     *
     * @param left {@code [batch, m, k]}, any strides; F32, F64, I32 or I64, as the others. If it holds floats, the batch may
     *     be several axes, so that heads of attention are read where they lie
     * @param right {@code [batch, k, n]}, the same
     * @param out {@code [batch, m, n]}, overwritten; must not share its data with the others. If it holds floats, the batch may
     *     be several axes and the matrices may lie anywhere, as long as the elements of a row follow each other
     */
    public static void multiply(Array left, Array right, Array out) {
        prepare(left, right, out).run();
    }

    /** {@link #multiply} to be done again and again. */
    public static Launch prepare(Array left, Array right, Array out) {
        return prepare(left, right, out, Begin.ZERO, Keeping.NOTHING, Epilogue.NONE);
    }

    /**
     * {@link #multiply} to be done again and again.
     *
     * @param begin where the sums begin; of integers only at zero
     * @param keeping of integers nothing is kept
     * @param epilogue what is done with the result part by part; its rows are those of all matrices, one below the other
     */
    public static Launch prepare(Array left, Array right, Array out, Begin begin, Keeping keeping, Epilogue epilogue) {
        assert left.dtype() == out.dtype() && right.dtype() == out.dtype();
        int count = out.size() / Math.max(1, out.shape().dim(-2) * out.shape().dim(-1));
        assert out.size() == 0 || isStack(left, count) && isStack(right, count) && isStack(out, count);
        assert left.shape().dim(-2) == out.shape().dim(-2) && right.shape().dim(-1) == out.shape().dim(-1);
        assert left.shape().dim(-1) == right.shape().dim(-2);
        assert out.dtype().isFloat() ? out.shape().dim(-1) == 1 || out.stride(out.shape().rank() - 1) == 1
                : out.isContiguous();
        if (out.size() == 0) {
            return Launch.NOTHING;
        }
        return switch (out.dtype()) {
            case F32 -> FloatProduct.prepare(left, right, out, begin, keeping, epilogue);
            case F64 -> DoubleProduct.prepare(left, right, out, begin, keeping, epilogue);
            case I32 -> Launch.all(() -> IntegerMatMul.multiplyInts(left, right, out), whole(out, epilogue));
            case I64 -> Launch.all(() -> IntegerMatMul.multiplyLongs(left, right, out), whole(out, epilogue));
            case BOOL -> throw new AssertionError(DType.BOOL);
        };
    }

    private static Launch whole(Array out, Epilogue epilogue) {
        int columns = out.shape().dim(-1);
        return epilogue.on(0, 0, out.size() / columns, columns);
    }

    /** The bytes that a single right matrix takes where it is kept packed. */
    public static long kept(DType dtype, int rows, int depth, int columns) {
        return Simd.mode() == Simd.Mode.OFF ? 0 : dtype.bytes() * switch (dtype) {
            case F32 -> FloatKept.size(rows, depth, columns);
            case F64 -> DoubleKept.size(rows, depth, columns);
            case BOOL, I32, I64 -> 0;
        };
    }

    /**
     * Products of matrices of floats, one added after the other, with the bits of doing that one by one: {@code out = (out +
     * lefts[0] rights[0]) + lefts[1] rights[1] + ...}.
     *
     * @param lefts {@code [m, k]} each, any strides and any k of 1 or more
     * @param rights {@code [k, n]} each
     * @param out {@code [m, n]}, contiguous, with an element or more; must not share its data with the others
     * @param begin whether {@code out} counts, or 0 in its place
     */
    public static Launch prepareSum(Array[] lefts, Array[] rights, Array out, Begin begin) {
        return out.dtype() == DType.F32 ? FloatProduct.prepareSum(lefts, rights, out, begin)
                : DoubleProduct.prepareSum(lefts, rights, out, begin);
    }

    private static boolean isStack(Array x, int count) {
        Shape shape = x.shape();
        boolean ranks = x.dtype().isFloat() ? shape.rank() >= 3 : shape.rank() == 3;
        return ranks && shape.size() == count * shape.dim(-2) * shape.dim(-1);
    }
}
