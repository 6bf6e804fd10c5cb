package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.List;

/**
 * A right matrix that is kept packed for products with so many rows that one of the ways suits. The build derives the float64 twin
 * from this source.
 */
record FloatKept(Array elements, FloatMatrix matrix, Way way) {
    /** Which factor is broadcast. */
    enum Way {
        /** The left one, as in other products. */
        PLAIN,
        /** The right one. */
        ACROSS
    }

    /** With fewer rows than this, the plain product reads the right matrix where it lies. */
    private static final int LEAST_ROWS = 8;

    /** With more rows than this, packing is too small a part to spend memory on. */
    private static final int MOST_ROWS = 4096;

    /**
     * More rows meet each element of the right matrix often enough in the plain way, which stores results as they lie; tall tiles do with
     * any number.
     */
    private static final int MOST_ACROSS = FloatTile.TALLEST == FloatTallTile.ROWS ? 0 : 64;

    /** Those that some number of rows goes. */
    static List<Way> ways() {
        return MOST_ACROSS == 0 ? List.of(Way.PLAIN) : List.of(Way.values());
    }

    /** Whether it pays to keep the right matrix of such a product packed: packing is small beside many rows. */
    static boolean serves(int rows, int columns) {
        return rows >= LEAST_ROWS && rows <= MOST_ROWS && columns >= FloatTile.COLUMNS;
    }

    /** The matrix for products of so many rows. */
    static FloatKept of(Array elements, FloatMatrix matrix, int rows) {
        return new FloatKept(elements, matrix, way(rows));
    }

    /** How many floats it takes to keep a matrix for products of so many rows. */
    static long size(int rows, int depth, int columns) {
        return serves(rows, columns) ? FloatPanels.size(depth, columns, width(way(rows))) : 0;
    }

    /** Across, rows are filled up to whole tiles: a fifth of them at most may be nothing. */
    private static Way way(int rows) {
        int whole = Math.ceilDiv(rows, FloatTile.COLUMNS) * FloatTile.COLUMNS;
        return rows <= MOST_ACROSS && 4 * whole <= 5 * rows ? Way.ACROSS : Way.PLAIN;
    }

    private static int width(Way way) {
        return switch (way) {
            case PLAIN -> FloatTile.COLUMNS;
            case ACROSS -> FloatAcross.WIDTH;
        };
    }

    /**
     * The product with some columns of the matrix.
     *
     * @param column the first of them, that of a panel
     */
    Launch prepare(FloatMatrix left, int column, FloatMatrix out, Begin begin, Epilogue epilogue) {
        return switch (way) {
            case PLAIN ->
                FloatMatMul.prepareKept(left, panels(FloatMatMul.depth(matrix.rows())), column, out, begin, epilogue);
            case ACROSS -> Launch.all(
                    new FloatAcross(left.transposed(), panels(matrix.rows()), column, out.transposed(), begin),
                    epilogue.on(0, 0, out.rows(), out.columns()));
        };
    }

    /** In parts so deep; on some machines panels of both ways are as wide. */
    private FloatPanels panels(int depth) {
        return FloatPanels.of(elements, matrix, width(way), depth);
    }
}
