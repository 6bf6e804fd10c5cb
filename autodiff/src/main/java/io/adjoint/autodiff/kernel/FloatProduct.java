package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Workers;

/**
 * Shares a batch of matrix products among the threads, and chooses the SIMD or the plain kernel. The build derives the
 * float64 twin from this source.
 */
final class FloatProduct {
    private static final FloatTiers TIERS = new FloatTiers(FloatMatMul::rehearse);

    private FloatProduct() {}

    static void multiply(Array left, Array right, Array out) {
        int batch = out.shape().dim(0);
        int rows = out.shape().dim(1);
        int depth = left.shape().dim(-1);
        int columns = out.shape().dim(2);
        if (isOneProduct(left, right, batch, rows)) {
            FloatMatrix first = FloatMatrix.of(left, 0);
            int rowStride = rows == 1 ? left.stride(0) : first.rowStride();
            FloatMatrix all = new FloatMatrix(
                    first.data(), first.offset(), batch * rows, depth, rowStride, first.columnStride());
            multiply(all, FloatMatrix.of(right, 0),
                    new FloatMatrix(out.floats(), out.offset(), batch * rows, columns, columns, 1));
            return;
        }
        int chunks = Tiling.chunksOfBatch(batch, rows, depth, columns);
        if (chunks == 1) {
            for (int i = 0; i < batch; i++) {
                multiply(FloatMatrix.of(left, i), FloatMatrix.of(right, i), FloatMatrix.of(out, i));
            }
            return;
        }
        Workers.forEach(chunks, chunk -> {
            int end = Tiling.begin(chunk + 1, chunks, batch);
            for (int i = Tiling.begin(chunk, chunks, batch); i < end; i++) {
                multiplyBlock(FloatMatrix.of(left, i), FloatMatrix.of(right, i), FloatMatrix.of(out, i));
            }
        });
    }

    /** Whether all rows of the left matrices lie as those of a single one, and all meet the same right matrix. */
    private static boolean isOneProduct(Array left, Array right, int batch, int rows) {
        return batch == 1
                || left.shape().rank() == 3 && right.shape().rank() == 3 && right.stride(0) == 0
                        && (rows == 1 || left.stride(0) == rows * left.stride(1));
    }

    private static void multiply(FloatMatrix left, FloatMatrix right, FloatMatrix out) {
        Tiling tiling = Tiling.of(out.rows(), left.columns(), out.columns());
        if (tiling.blocks() == 1) {
            multiplyBlock(left, right, out);
            return;
        }
        Workers.forEach(tiling.blocks(), block -> {
            int row = tiling.row(block);
            int column = tiling.column(block);
            int rows = Math.min(tiling.rowsPerBlock(), out.rows() - row);
            int columns = Math.min(tiling.columnsPerBlock(), out.columns() - column);
            multiplyBlock(
                    left.part(row, 0, rows, left.columns()),
                    right.part(0, column, right.rows(), columns),
                    out.part(row, column, rows, columns));
        });
    }

    private static void multiplyBlock(FloatMatrix left, FloatMatrix right, FloatMatrix out) {
        if (left.columns() > 0 && TIERS.isSimd((long) out.rows() * out.columns() * left.columns())) {
            FloatMatMul.multiply(left, right, out);
        } else {
            FloatScalarMatMul.multiply(left, right, out);
        }
    }
}
