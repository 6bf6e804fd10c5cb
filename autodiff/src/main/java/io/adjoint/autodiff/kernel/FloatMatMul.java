package io.adjoint.autodiff.kernel;

/**
 * The SIMD matrix product, blocked for the caches: a packed panel of the right matrix stays in the first level while
 * packed rows of the left one come from the second. The build derives the float64 twin from this source.
 *
 * <p>Between two blocks of the depth the sums are stored in the result and loaded again, which is exact, so blocking
 * does not show in the bits.
 */
final class FloatMatMul {
    private static final int DEPTH = 256;
    private static final int ROWS = 128;
    private static final int COLUMNS = 1024;

    /** With fewer rows than this, packing the right matrix would cost more than it gains. */
    private static final int PACKING_ROWS = 8;

    /** With fewer columns than this, packing rows of the left matrix would: they are as fast where they lie. */
    private static final int PACKING_COLUMNS = 512;

    /** Rows, depth and columns of the calls: few elements, and every branch, so that none looks dead to C2. */
    private static final int[][] SHAPES = {{11, 7, 37}, {9, 5, 16}, {3, 9, 70}, {1, 6, 33}, {8, 4, 32}, {13, 8, 1},
        {5, 6, PACKING_COLUMNS}, {5, 6, 16}};

    /** The first calls, one for each way the left matrix may lie: sums that go through the result, in whole and in part tiles. */
    private static final int[] DEEP = {4, DEPTH + 16, 17};

    private static final int DEEP_CALLS = 2;

    /** Far above the 0.02 ns of compiled SIMD, far below the 20 ns of what runs before. */
    private static final long FAST_NANOS_PER_PRODUCT = 1;

    private static final long NANOS_PER_CALL = 1_000;

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private FloatMatMul() {}

    /** Packing buffers of one thread; they grow to what the largest product needed. */
    private static final class Scratch {
        private float[] left = {};
        private float[] right = {};
        private final float[] edge = new float[FloatTile.ROWS * FloatTile.COLUMNS];

        float[] left(int size) {
            left = left.length < size ? new float[size] : left;
            return left;
        }

        float[] right(int size) {
            right = right.length < size ? new float[size] : right;
            return right;
        }
    }

    /** The depth must not be 0. */
    static void multiply(FloatMatrix left, FloatMatrix right, FloatMatrix out) {
        if (out.columns() == 1 && out.rows() > 1) {
            multiply(right.transposed(), left.transposed(), out.transposed());
            return;
        }
        int packedFrom = 0;
        if (out.rows() < PACKING_ROWS && right.columnStride() == 1) {
            packedFrom = out.columns() / FloatTile.STRIP * FloatTile.STRIP;
            multiplyStrips(left, right, out, packedFrom);
        }
        int depths = Math.ceilDiv(left.columns(), DEPTH);
        int depth = Math.ceilDiv(left.columns(), depths);
        for (int column = packedFrom; column < out.columns(); column += COLUMNS) {
            int columns = Math.min(COLUMNS, out.columns() - column);
            for (int p = 0; p < left.columns(); p += depth) {
                int deep = Math.min(depth, left.columns() - p);
                multiplyPacked(
                        left.part(0, p, out.rows(), deep),
                        right.part(p, column, deep, columns),
                        out.part(0, column, out.rows(), columns),
                        p == 0);
            }
        }
    }

    private static void multiplyStrips(FloatMatrix left, FloatMatrix right, FloatMatrix out, int columns) {
        for (int column = 0; column < columns; column += FloatTile.STRIP) {
            for (int p = 0; p < left.columns(); p += DEPTH) {
                for (int row = 0; row < out.rows(); row++) {
                    FloatTile.multiplyStrip(
                            Math.min(DEPTH, left.columns() - p),
                            left.data(),
                            left.at(row, p),
                            left.columnStride(),
                            right.data(),
                            right.at(p, column),
                            right.rowStride(),
                            out.data(),
                            out.at(row, column),
                            p == 0);
                }
            }
        }
    }

    private static void multiplyPacked(FloatMatrix left, FloatMatrix right, FloatMatrix out, boolean first) {
        Scratch scratch = SCRATCH.get();
        float[] panels = scratch.right(FloatPacking.size(right, FloatTile.COLUMNS));
        FloatPacking.pack(right, FloatTile.COLUMNS, panels);
        boolean packsLeft = left.columnStride() != 1 || out.columns() >= PACKING_COLUMNS;
        for (int row = 0; row < left.rows(); row += ROWS) {
            int rows = Math.min(ROWS, left.rows() - row);
            FloatMatrix block = left.part(row, 0, rows, left.columns());
            float[] leftPanels = {};
            if (packsLeft) {
                FloatMatrix across = block.transposed();
                leftPanels = scratch.left(FloatPacking.size(across, FloatTile.LEFT));
                FloatPacking.pack(across, FloatTile.LEFT, leftPanels);
            }
            FloatMatrix target = out.part(row, 0, rows, out.columns());
            for (int column = 0; column < out.columns(); column += FloatTile.COLUMNS) {
                multiplyPanel(block, leftPanels, panels, column, target, first, packsLeft, scratch.edge);
            }
        }
    }

    /** All tiles of one panel of the right matrix. */
    private static void multiplyPanel(
            FloatMatrix left,
            float[] leftPanels,
            float[] panels,
            int column,
            FloatMatrix out,
            boolean first,
            boolean packsLeft,
            float[] edge) {
        int depth = left.columns();
        int columns = Math.min(FloatTile.COLUMNS, out.columns() - column);
        boolean whole = columns == FloatTile.COLUMNS;
        int b = column * depth;
        for (int row = 0; row < out.rows(); row += FloatTile.ROWS) {
            int rows = Math.min(FloatTile.ROWS, out.rows() - row);
            float[] c = whole ? out.data() : edge;
            int at = out.at(row, column);
            int c0 = whole ? at : 0;
            int stride = whole ? out.rowStride() : FloatTile.COLUMNS;
            if (!whole && !first) {
                copy(rows, columns, out.data(), at, out.rowStride(), edge, 0, FloatTile.COLUMNS);
            }
            if (packsLeft) {
                int a = row / FloatTile.LEFT * FloatTile.LEFT * depth + row % FloatTile.LEFT;
                FloatTile.multiply(depth, rows, leftPanels, a, panels, b, c, c0, stride, first);
            } else {
                FloatTile.multiplyRows(
                        depth, rows, left.data(), left.at(row, 0), left.rowStride(), panels, b, c, c0, stride, first);
            }
            if (!whole) {
                copy(rows, columns, edge, 0, FloatTile.COLUMNS, out.data(), at, out.rowStride());
            }
        }
    }

    private static void copy(
            int rows, int columns, float[] from, int at, int stride, float[] to, int toAt, int toStride) {
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                to[toAt + row * toStride + column] = from[at + row * stride + column];
            }
        }
    }

    /** A product of zeros, each factor row-major or column-major; the nanoseconds that compiled code takes at most. */
    static long rehearse(int call) {
        int[] shape = call < DEEP_CALLS ? DEEP : SHAPES[call % SHAPES.length];
        int rows = shape[0];
        int depth = shape[1];
        int columns = shape[2];
        FloatMatrix left = (call & 1) == 0 ? zeros(rows, depth) : zeros(depth, rows).transposed();
        FloatMatrix right = (call & 2) == 0 ? zeros(depth, columns) : zeros(columns, depth).transposed();
        multiply(left, right, zeros(rows, columns));
        return (long) rows * depth * columns * FAST_NANOS_PER_PRODUCT + NANOS_PER_CALL;
    }

    private static FloatMatrix zeros(int rows, int columns) {
        return new FloatMatrix(new float[rows * columns], 0, rows, columns, columns, 1);
    }
}
