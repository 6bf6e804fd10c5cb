package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Array;

/** Matrix products of integers, modulo 2^32 or 2^64: rare, so plain loops do. */
final class IntegerMatMul {
    private IntegerMatMul() {}

    static void multiplyInts(Array left, Array right, Array out) {
        int[] a = left.ints();
        int[] b = right.ints();
        int[] c = out.ints();
        forEachCell(left, right, out, (aPosition, bPosition, cPosition, k) -> {
            int sum = 0;
            for (int p = 0; p < k; p++) {
                sum += a[aPosition + p * left.stride(2)] * b[bPosition + p * right.stride(1)];
            }
            c[cPosition] = sum;
        });
    }

    static void multiplyLongs(Array left, Array right, Array out) {
        long[] a = left.longs();
        long[] b = right.longs();
        long[] c = out.longs();
        forEachCell(left, right, out, (aPosition, bPosition, cPosition, k) -> {
            long sum = 0;
            for (int p = 0; p < k; p++) {
                sum += a[aPosition + p * left.stride(2)] * b[bPosition + p * right.stride(1)];
            }
            c[cPosition] = sum;
        });
    }

    private interface Cell {
        void compute(int aPosition, int bPosition, int cPosition, int k);
    }

    private static void forEachCell(Array left, Array right, Array out, Cell cell) {
        int cPosition = out.offset();
        for (int batch = 0; batch < out.shape().dim(0); batch++) {
            for (int i = 0; i < out.shape().dim(1); i++) {
                for (int j = 0; j < out.shape().dim(2); j++) {
                    int aPosition = left.offset() + batch * left.stride(0) + i * left.stride(1);
                    int bPosition = right.offset() + batch * right.stride(0) + j * right.stride(2);
                    cell.compute(aPosition, bPosition, cPosition++, left.shape().dim(2));
                }
            }
        }
    }
}
