package io.adjoint.autodiff.kernel;

/**
 * How the columns of a right matrix are cut into panels, the last of each kind of which may lack some. The build derives the float64 twin from
 * this source.
 *
 * @param broad how many of them, the first ones, are in panels for {@link FloatBroadTile}
 * @param wide where those end that are in panels for {@link FloatWideTile}
 * @param rest columns of the other panels, a multiple of four
 */
record FloatCut(int broad, int wide, int rest) {
    private static final int LANES = FloatTile.LANES;

    /** With more columns rows are read where they lie so often that packing them is better. */
    private static final int MOST_BROAD = 512;

    /** That of a left matrix whose rows are columns here. */
    static final FloatCut LEFT = even(FloatTile.LEFT);

    /** Panels of one width. */
    static FloatCut even(int width) {
        return new FloatCut(0, 0, width);
    }

    /**
     * For a left matrix, which is packed or not.
     *
     * @param all columns that its rows meet, some of which are those here
     */
    static FloatCut of(FloatMatrix left, int all, int columns) {
        boolean isBroad = left.columnStride() == 1 && all <= MOST_BROAD && isBroad(left.rows(), columns);
        return isBroad || !FloatMatMul.packs(left, all) ? ofLying(left.rows(), columns)
                : ofPacked(left.rows(), columns);
    }

    /**
     * For a left matrix with a result that lies by columns: rows of a tile are turned four at a time, so there had better be eight than six of them, if one other
     * panel takes the rest.
     */
    static FloatCut across(FloatMatrix left, int columns) {
        int wide = FloatWideTile.columns(left.rows(), columns);
        return wide > 0 && columns - wide <= FloatTile.COLUMNS ? ofPacked(left.rows(), columns)
                : of(left, columns, columns);
    }

    private static boolean isBroad(int rows, int columns) {
        return Math.ceilDiv(columns, LANES) >= 4 && FloatWideTile.serves(rows) && FloatBroadTile.serves(rows);
    }

    /** For a left matrix of so many rows that is packed. */
    static FloatCut ofPacked(int rows, int columns) {
        return new FloatCut(0, FloatWideTile.columns(rows, columns), FloatTile.COLUMNS);
    }

    /** For a left matrix of so many rows that is read where it lies. */
    static FloatCut ofLying(int rows, int columns) {
        int vectors = Math.ceilDiv(columns, LANES);
        if (!isBroad(rows, columns)) {
            int wide = FloatWideTile.columns(rows, columns);
            return new FloatCut(0, wide, columns - wide <= LANES ? FloatTile.NARROW : FloatTile.COLUMNS);
        }
        // four vectors or three, but for five
        int wides = vectors == 5 ? 0 : -vectors & 3;
        int broad = Math.min(columns, (vectors - 3 * wides) / 4 * FloatBroadTile.COLUMNS);
        return new FloatCut(broad, vectors == 5 ? broad : columns, FloatTile.NARROW);
    }

    /** How many columns the panel has that begins at this one. */
    int width(int column) {
        return column < broad ? FloatBroadTile.COLUMNS : column < wide ? FloatWideTile.COLUMNS : rest;
    }

    /** Elements of all panels of so many columns and rows. */
    int size(int columns, int rows) {
        int size = 0;
        for (int column = 0; column < columns; column += width(column)) {
            size += width(column) * rows;
        }
        return size;
    }

    /** Where the panels of so many columns begin. */
    int[] begins(int columns) {
        int count = 0;
        for (int column = 0; column < columns; column += width(column)) {
            count++;
        }
        int[] begins = new int[count];
        for (int i = 1; i < count; i++) {
            begins[i] = begins[i - 1] + width(begins[i - 1]);
        }
        return begins;
    }
}
