package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Launch;

/**
 * Work on the elements of a product, done on each part of the result as soon as it is finished, while it is in cache. Several
 * threads may bind and do the work on different parts at once.
 */
@FunctionalInterface
public interface Epilogue {
    /** No work at all. */
    Epilogue NONE = (_, _, _, _) -> Launch.NOTHING;

    /**
     * The work on a part of the result, to be done again and again.
     *
     * @param row the first of {@code rows}
     * @param column the first of {@code columns}
     */
    Launch on(int row, int column, int rows, int columns);

    /** The work on a matrix that begins at ({@code row}, {@code column}) of this one's. */
    default Epilogue from(int row, int column) {
        return (r, c, rows, columns) -> on(row + r, column + c, rows, columns);
    }

    /** The same work seen from the transposed result. */
    default Epilogue transposed() {
        return (row, column, rows, columns) -> on(column, row, columns, rows);
    }
}
