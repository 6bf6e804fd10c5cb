package io.adjoint.autodiff.kernel;

/** A block of the right matrix of a product as tiles read it. The build derives the float64 twin from this source. */
sealed interface FloatRight {
    /** The array that it lies in. */
    float[] elements(FloatScratch scratch);

    /** How many columns a tile takes at this one. */
    int width(int column);

    /** Where a tile begins. */
    int at(int column);

    /** From one row of a tile to the next. */
    int stride(int column);

    /** Whether there are tiles for packed rows of the left matrix, else only for rows that lie as they are. */
    default boolean isForPackedRows() {
        return true;
    }

    /** Packed each time. */
    record Fresh(FloatMatrix right, FloatCut cut) implements FloatRight {
        @Override
        public float[] elements(FloatScratch scratch) {
            float[] panels = scratch.right(size());
            pack(panels);
            return panels;
        }

        private int size() {
            return cut.size(right.columns(), right.rows());
        }

        private void pack(float[] panels) {
            FloatPacking.pack(right, cut, FloatPacking.Beyond.ANYTHING, panels, right.rows(), 0);
        }

        @Override
        public int width(int column) {
            return cut.width(column);
        }

        @Override
        public int at(int column) {
            return column * right.rows();
        }

        @Override
        public boolean isForPackedRows() {
            return cut.broad() == 0;
        }

        @Override
        public int stride(int column) {
            return cut.width(column);
        }
    }

    /** Packed by each thread when it comes to it for the first time in a run. */
    record Shared(Fresh fresh, FloatShared packed) implements FloatRight {
        Shared(Fresh fresh) {
            this(fresh, new FloatShared(fresh.size(), fresh::pack));
        }

        @Override
        public float[] elements(FloatScratch scratch) {
            return packed.in(scratch.right());
        }

        @Override
        public int width(int column) {
            return fresh.width(column);
        }

        @Override
        public int at(int column) {
            return fresh.at(column);
        }

        @Override
        public boolean isForPackedRows() {
            return fresh.isForPackedRows();
        }

        @Override
        public int stride(int column) {
            return fresh.stride(column);
        }
    }

    /** Read where it is: packing a small one would cost more than it gains, unless it has panels for {@link FloatBroadTile} then. */
    record Lying(FloatMatrix right) implements FloatRight {
        /** Elements of a right matrix that stays in the first level. */
        private static final int NEAR = 1 << 13;

        /** More rows than these meet a right matrix so often that packing it does not show. */
        private static final int LYING_ROWS = 64;

        /** Whether all tiles are whole ones, the left matrix is read where it lies too, and the right one is near. */
        static boolean serves(FloatMatrix left, FloatMatrix right, FloatCut cut) {
            return cut.broad() == 0 && FloatTile.TALLEST == FloatTallTile.ROWS && left.rows() % FloatTallTile.ROWS == 0
                    && left.rows() <= LYING_ROWS && !FloatMatMul.packs(left, right.columns())
                    && right.columns() % FloatTile.COLUMNS == 0 && right.columnStride() == 1 && right.rowStride() > 0
                    && (long) right.rows() * right.rowStride() <= NEAR;
        }

        @Override
        public float[] elements(FloatScratch scratch) {
            return right.data();
        }

        @Override
        public int width(int column) {
            return FloatTile.COLUMNS;
        }

        @Override
        public int at(int column) {
            return right.at(0, column);
        }

        @Override
        public int stride(int column) {
            return right.rowStride();
        }
    }

    /** Kept packed, from a column on that begins a panel. */
    record Kept(FloatPanels all, int part, int column, int depth) implements FloatRight {
        @Override
        public float[] elements(FloatScratch scratch) {
            return all.part(part);
        }

        @Override
        public int width(int column) {
            return FloatTile.COLUMNS;
        }

        @Override
        public int at(int column) {
            return (this.column + column) * depth;
        }

        @Override
        public int stride(int column) {
            return FloatTile.COLUMNS;
        }
    }
}
