package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Array;

/** A strided matrix in a {@code float[]}. The build derives the float64 twin from this source. */
record FloatMatrix(float[] data, int offset, int rows, int columns, int rowStride, int columnStride) {
    /** One matrix of an array of rank 3. */
    static FloatMatrix of(Array batch, int index) {
        return new FloatMatrix(
                batch.floats(),
                batch.offset() + index * batch.stride(0),
                batch.shape().dim(1),
                batch.shape().dim(2),
                batch.stride(1),
                batch.stride(2));
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
