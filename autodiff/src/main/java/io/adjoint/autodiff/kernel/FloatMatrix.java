package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Array;

/** A strided matrix in a {@code float[]}. The build derives the float64 twin from this source. */
record FloatMatrix(float[] data, int offset, int rows, int columns, int rowStride, int columnStride) {
    /** One of the matrices over the last two axes of an array, counted in row-major order of the others. */
    static FloatMatrix of(Array batch, int index) {
        int rows = batch.shape().rank() - 2;
        int at = batch.offset();
        int rest = index;
        for (int axis = rows - 1; axis >= 0; axis--) {
            int extent = batch.shape().dim(axis);
            at += rest % extent * batch.stride(axis);
            rest /= extent;
        }
        return new FloatMatrix(
                batch.floats(),
                at,
                batch.shape().dim(rows),
                batch.shape().dim(rows + 1),
                batch.stride(rows),
                batch.stride(rows + 1));
    }

    FloatMatrix transposed() {
        return new FloatMatrix(data, offset, columns, rows, columnStride, rowStride);
    }

    /** The part that begins at ({@code row}, {@code column}). */
    FloatMatrix part(int row, int column, int partRows, int partColumns) {
        return new FloatMatrix(data, at(row, column), partRows, partColumns, rowStride, columnStride);
    }

    int at(int row, int column) {
        return offset + row * rowStride + column * columnStride;
    }
}
