package io.adjoint.autodiff.kernel;

import java.util.stream.IntStream;

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

    /** Packed each time; the first columns in panels for {@link FloatWideTile}. */
    record Fresh(FloatMatrix right, int wide, int width) implements FloatRight {
        /** Where the panels begin. */
        int[] panels() {
            return IntStream.iterate(0, column -> column < right.columns(), column -> column + width(column)).toArray();
        }

        @Override
        public float[] elements(FloatScratch scratch) {
            float[] panels = scratch.right(FloatPacking.size(right, wide, width, right.rows()));
            FloatPacking.pack(right, wide, width, FloatPacking.Beyond.ANYTHING, panels, right.rows(), 0);
            return panels;
        }

        @Override
        public int width(int column) {
            return column < wide ? FloatWideTile.COLUMNS : FloatTile.COLUMNS;
        }

        @Override
        public int at(int column) {
            return column * right.rows();
        }

        @Override
        public int stride(int column) {
            return column < wide ? FloatWideTile.COLUMNS : width;
        }
    }

    /** Packed by each thread when it comes to it for the first time in a run. */
    final class Shared implements FloatRight {
        private final Fresh fresh;
        /** What threads remember of it, so that they hold on to no matrix. */
        private final Object name = new Object();
        private volatile int run;

        Shared(Fresh fresh) {
            this.fresh = fresh;
        }

        /** Begins another run: the elements may be others now. */
        void begin() {
            run++; // one thread begins runs, one after the other
        }

        @Override
        public float[] elements(FloatScratch scratch) {
            if (!scratch.holds(name, run)) {
                fresh.elements(scratch);
                scratch.hold(name, run);
            }
            return scratch.right();
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
        public int stride(int column) {
            return fresh.stride(column);
        }
    }

    /** Read where it is: packing a small one would cost more than it gains. */
    record Lying(FloatMatrix right) implements FloatRight {
        /** Elements of a right matrix that stays in the first level. */
        private static final int NEAR = 1 << 13;

        /** More rows than these meet a right matrix so often that packing it does not show. */
        private static final int LYING_ROWS = 64;

        /** Whether all tiles are whole ones, the left matrix is read where it lies too, and the right one is near. */
        static boolean serves(FloatMatrix left, FloatMatrix right) {
            return FloatTile.TALLEST == FloatTallTile.ROWS && left.rows() % FloatTallTile.ROWS == 0
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
