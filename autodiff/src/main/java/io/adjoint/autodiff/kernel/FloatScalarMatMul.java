package io.adjoint.autodiff.kernel;

import java.util.Arrays;

/**
 * The matrix product in plain Java, with the bits of {@link FloatMatMul}: serves while that is cold, or for good where
 * the Vector API is missing.
 *
 * <p>C2 turns the inner loops into vector instructions, but only where all arrays have the same index, so rows of both
 * the right matrix and the sums are kept in small arrays of their own.
 */
final class FloatScalarMatMul {
    private static final int ROWS = 32;
    private static final int COLUMNS = 256;

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private FloatScalarMatMul() {}

    private static final class Scratch {
        final float[][] right = new float[4][COLUMNS];
        final float[][] sums = new float[ROWS][COLUMNS];
    }

    static void multiply(FloatMatrix left, FloatMatrix right, FloatMatrix out, Begin begin) {
        for (int column = 0; column < out.columns(); column += COLUMNS) {
            int columns = Math.min(COLUMNS, out.columns() - column);
            for (int row = 0; row < out.rows(); row += ROWS) {
                multiplyBlock(left, right, out, begin, row, Math.min(ROWS, out.rows() - row), column, columns);
            }
        }
    }

    private static void multiplyBlock(FloatMatrix left, FloatMatrix right, FloatMatrix out, Begin begin, int row,
            int rows, int column, int n) {
        Scratch scratch = SCRATCH.get();
        float[][] x = scratch.right;
        float[] a = left.data();
        for (int i = 0; i < rows; i++) {
            switch (begin) {
                case ZERO -> Arrays.fill(scratch.sums[i], 0, n, 0);
                case RESULT -> System.arraycopy(out.data(), out.at(row + i, column), scratch.sums[i], 0, n);
            }
        }
        int p = 0;
        for (; p + 4 <= right.rows(); p += 4) {
            for (int q = 0; q < 4; q++) {
                copyRow(right, p + q, column, n, x[q]);
            }
            int step = left.columnStride();
            for (int i = 0; i < rows; i++) {
                int at = left.at(row + i, p);
                float a0 = a[at];
                float a1 = a[at + step];
                float a2 = a[at + 2 * step];
                float a3 = a[at + 3 * step];
                addScaled(n, a0, x[0], a1, x[1], a2, x[2], a3, x[3], scratch.sums[i]);
            }
        }
        for (; p < right.rows(); p++) {
            copyRow(right, p, column, n, x[0]);
            for (int i = 0; i < rows; i++) {
                addScaled(n, a[left.at(row + i, p)], x[0], scratch.sums[i]);
            }
        }
        for (int i = 0; i < rows; i++) {
            System.arraycopy(scratch.sums[i], 0, out.data(), out.at(row + i, column), n);
        }
    }

    private static void copyRow(FloatMatrix from, int row, int column, int count, float[] to) {
        int at = from.at(row, column);
        if (from.columnStride() == 1) {
            System.arraycopy(from.data(), at, to, 0, count);
        } else {
            for (int j = 0; j < count; j++) {
                to[j] = from.data()[at + j * from.columnStride()];
            }
        }
    }

    private static void addScaled(int n, float a, float[] x, float[] sum) {
        for (int j = 0; j < n; j++) {
            sum[j] = Math.fma(a, x[j], sum[j]);
        }
    }

    /** Four steps of {@code p} at once, which loads and stores a sum once instead of four times. */
    private static void addScaled(
            int n, float a0, float[] x0, float a1, float[] x1, float a2, float[] x2, float a3, float[] x3,
            float[] sum) {
        for (int j = 0; j < n; j++) {
            float s = Math.fma(a0, x0[j], sum[j]);
            s = Math.fma(a1, x1[j], s);
            s = Math.fma(a2, x2[j], s);
            sum[j] = Math.fma(a3, x3[j], s);
        }
    }
}
