package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Workers;
import java.util.Arrays;

/**
 * The matrix product in plain Java: serves while the SIMD kernel is cold or absent, with the same bits. The build
 * derives the float64 twin from this source.
 */
final class FloatMatMul {
    private static final int ROWS_PER_CHUNK = 16;

    private FloatMatMul() {}

    static void multiply(FloatMatrix left, FloatMatrix right, FloatMatrix out) {
        int chunks = (out.rows() + ROWS_PER_CHUNK - 1) / ROWS_PER_CHUNK;
        Workers.forEach(chunks, chunk -> {
            int begin = chunk * ROWS_PER_CHUNK;
            for (int row = begin; row < Math.min(begin + ROWS_PER_CHUNK, out.rows()); row++) {
                row(left, right, out, row);
            }
        });
    }

    private static void row(FloatMatrix left, FloatMatrix right, FloatMatrix out, int row) {
        int c = out.at(row, 0);
        Arrays.fill(out.data(), c, c + out.columns(), 0);
        for (int p = 0; p < left.columns(); p++) {
            float a = left.data()[left.at(row, p)];
            if (right.columnStride() == 1) {
                addScaled(a, right.data(), right.at(p, 0), out.data(), c, out.columns());
            } else {
                addScaled(a, right.data(), right.at(p, 0), right.columnStride(), out.data(), c, out.columns());
            }
        }
    }

    /** In a method of its own, with a stride known to be 1, C2 turns this into vector instructions. */
    private static void addScaled(float a, float[] x, int xOffset, float[] y, int yOffset, int n) {
        for (int j = 0; j < n; j++) {
            y[yOffset + j] = Math.fma(a, x[xOffset + j], y[yOffset + j]);
        }
    }

    private static void addScaled(float a, float[] x, int xOffset, int xStride, float[] y, int yOffset, int n) {
        for (int j = 0; j < n; j++) {
            y[yOffset + j] = Math.fma(a, x[xOffset + j * xStride], y[yOffset + j]);
        }
    }
}
