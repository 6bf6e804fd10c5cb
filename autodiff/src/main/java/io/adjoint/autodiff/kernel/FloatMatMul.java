package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.runtime.Workers;
import java.util.ArrayList;
import java.util.List;

/**
 * The SIMD matrix product, blocked for the caches: a packed panel of the right matrix stays in the first level while
 * packed rows of the left one come from the second. The build derives the float64 twin from this source.
 *
 * <p>Between two blocks of the depth the sums are stored in the result and loaded again, which is exact, so blocking
 * does not show in the bits.
 */
final class FloatMatMul {
    /**
     * Of a block: the deeper it is, the less often sums are stored and loaded again, and the less of a panel stays in the first level,
     * which tiles of sixteen registers feel more.
     */
    static final int DEPTH = Registers.COUNT >= FloatTallTile.REGISTERS ? 1024 : 512;

    static final int ROWS = 64;

    /** The same where some tiles have six rows, so that nearly all are whole. */
    private static final int BROAD_ROWS = 96;

    /** Rows of the left matrix that meet panels which are kept: so many that each is mostly read once, but stay in the second level. */
    private static final int KEPT_ROWS = 128;
    static final int COLUMNS = 1024;

    /** Elements that an epilogue takes at once: fewer would have short rows, and more would not be in the second level any more. */
    static final int PART = 1 << 16;

    /** The cost of storing an element of a transposed tile in terms of packing one. */
    private static final int ACROSS = 2;

    /** With fewer columns than this, packing rows of the left matrix would: they are as fast where they lie. */
    static final int PACKING_COLUMNS = 256;

    /** The same where rows crowd in the first level. */
    private static final int CROWDED_COLUMNS = 64;

    /** Bytes: rows so far apart, or a multiple of that, lie in two or fewer sets of a first level of 64 sets of lines. */
    private static final int CROWDING = 2048;

    private FloatMatMul() {}

    /** The depth must not be 0. */
    static void multiply(FloatMatrix left, FloatMatrix right, FloatMatrix out) {
        prepare(left, right, out, Begin.ZERO, Epilogue.NONE).run();
    }

    /** The product to be computed again and again. */
    static Launch prepare(FloatMatrix left, FloatMatrix right, FloatMatrix out, Begin begin, Epilogue epilogue) {
        return FloatSmall.serves(left, right)
                ? Launch.all(FloatSmall.prepare(left, right, out, begin), epilogue.on(0, 0, out.rows(), out.columns()))
                : prepareBlocks(left, right, out, begin, epilogue);
    }

    /** The product cut into blocks. */
    static Launch prepareBlocks(FloatMatrix left, FloatMatrix right, FloatMatrix out, Begin begin, Epilogue epilogue) {
        return isBetterAcross(left, right, out)
                ? prepareAsIs(right.transposed(), left.transposed(), out.transposed(), begin, epilogue.transposed())
                : prepareAsIs(left, right, out, begin, epilogue);
    }

    /**
     * Whether to compute the transposed product. A right matrix that lies by columns costs much to pack, but as the left one
     * of the transposed product its rows are read where they lie, unless they crowd or meet so many columns that they would be packed too; a
     * left matrix by columns has the rows of a strip.
     */
    static boolean isBetterAcross(FloatMatrix left, FloatMatrix right, FloatMatrix out) {
        if (left.columnStride() != 1 && FloatStrips.columns(out.columns(), left.transposed()) > 0) {
            return true;
        }
        return out.columns() > 1 && right.rowStride() == 1 && right.columnStride() != 1
                && !packs(right.transposed(), out.rows())
                && (long) out.rows() * (left.columns() + ACROSS * out.columns())
                        <= (long) right.rows() * right.columns();
    }

    private static Launch prepareAsIs(FloatMatrix left, FloatMatrix right, FloatMatrix out, Begin begin,
            Epilogue epilogue) {
        int tail = FloatStrips.tail(out.rows(), right);
        if (tail > 0) {
            int rows = out.rows() - tail;
            return Launch.all(
                    prepareAsIs(left.part(0, 0, rows, left.columns()), right, out.part(0, 0, rows, out.columns()),
                            begin, epilogue),
                    prepareAsIs(left.part(rows, 0, tail, left.columns()), right,
                            out.part(rows, 0, tail, out.columns()), begin, epilogue.from(rows, 0)));
        }
        int strips = FloatStrips.columns(out.rows(), right);
        List<Launch> parts = new ArrayList<>();
        if (strips > 0) {
            parts.add(new FloatStrips(left, right, out.part(0, 0, out.rows(), strips), begin));
            parts.add(epilogue.on(0, 0, out.rows(), strips));
        }
        int depth = depth(left.columns());
        for (int column = strips; column < out.columns(); column += COLUMNS) {
            int columns = Math.min(COLUMNS, out.columns() - column);
            for (int p = 0; p < left.columns(); p += depth) {
                int deep = Math.min(depth, left.columns() - p);
                FloatMatrix rows = left.part(0, p, out.rows(), deep);
                FloatMatrix some = right.part(p, column, deep, columns);
                FloatMatrix target = out.part(0, column, out.rows(), columns);
                boolean first = p == 0 && begin == Begin.ZERO;
                Epilogue after = p + deep == left.columns() ? epilogue.from(0, column) : Epilogue.NONE;
                FloatCut cut =
                        out.columnStride() == 1 ? FloatCut.of(rows, columns, columns) : FloatCut.across(rows, columns);
                if (FloatRight.Lying.serves(left, some, cut)) {
                    parts.add(new Block(rows, new FloatRight.Lying(some), target, first, ROWS, after));
                } else if (FloatPassing.serves(out.rows(), some)) {
                    parts.add(FloatPassing.prepare(rows, new FloatRight.Fresh(some, cut), target, first, after));
                } else {
                    parts.add(new Block(rows, new FloatRight.Fresh(some, cut), target, first, rowsAtOnce(cut), after));
                }
            }
        }
        return Launch.all(parts.toArray(Launch[]::new));
    }

    private static int rowsAtOnce(FloatCut cut) {
        return cut.broad() > 0 ? BROAD_ROWS : ROWS;
    }

    /**
     * The product shared by rows among threads, each of which packs a block of the right matrix once for all rows that it takes.
     *
     * @param most rows of a share
     */
    static Launch prepareByRows(FloatMatrix left, FloatMatrix right, FloatMatrix out, Begin begin, Epilogue epilogue,
            int most) {
        int depth = depth(left.columns());
        List<Launch> parts = new ArrayList<>();
        for (int column = 0; column < out.columns(); column += COLUMNS) {
            int columns = Math.min(COLUMNS, out.columns() - column);
            for (int p = 0; p < left.columns(); p += depth) {
                int deep = Math.min(depth, left.columns() - p);
                FloatRight.Shared part =
                        new FloatRight.Shared(new FloatRight.Fresh(right.part(p, column, deep, columns),
                                FloatCut.of(left.part(0, p, most, deep), columns, columns)));
                Block[] blocks = new Block[Math.ceilDiv(out.rows(), most)];
                for (int i = 0; i < blocks.length; i++) {
                    int row = i * most;
                    int rows = Math.min(most, out.rows() - row);
                    blocks[i] = new Block(left.part(row, p, rows, deep), part, out.part(row, column, rows, columns),
                            p == 0 && begin == Begin.ZERO, rowsAtOnce(part.fresh().cut()),
                            p + deep == left.columns() ? epilogue.from(row, column) : Epilogue.NONE);
                }
                parts.add(Launch.all(part.packed()::begin, Workers.prepare(blocks.length, i -> blocks[i].run())));
            }
        }
        return Launch.all(parts.toArray(Launch[]::new));
    }

    /**
     * The product shared by columns among threads, each of which packs the rows of a left matrix of few rows once for all columns that it takes.
     *
     * @param most columns of a share
     */
    static Launch prepareByColumns(FloatMatrix left, FloatMatrix right, FloatMatrix out, Begin begin, Epilogue epilogue,
            int most) {
        int depth = depth(left.columns());
        List<Launch> parts = new ArrayList<>();
        for (int p = 0; p < left.columns(); p += depth) {
            int deep = Math.min(depth, left.columns() - p);
            parts.add(FloatPassing.prepareShared(left.part(0, p, out.rows(), deep),
                    right.part(p, 0, deep, out.columns()), out, p == 0 && begin == Begin.ZERO,
                    p + deep == left.columns() ? epilogue : Epilogue.NONE, most));
        }
        return Launch.all(parts.toArray(Launch[]::new));
    }

    /** How deep the blocks of a product are. */
    static int depth(int whole) {
        return Math.ceilDiv(whole, Math.ceilDiv(whole, DEPTH));
    }

    /**
     * The product with some columns of a matrix that is kept packed.
     *
     * @param column the first of them, that of a panel
     */
    static Launch prepareKept(FloatMatrix left, FloatPanels right, int column, FloatMatrix out, Begin begin,
            Epilogue epilogue) {
        int depth = depth(left.columns());
        Block[] blocks = new Block[Math.ceilDiv(left.columns(), depth)];
        for (int i = 0; i < blocks.length; i++) {
            int deep = Math.min(depth, left.columns() - i * depth);
            blocks[i] = new Block(left.part(0, i * depth, out.rows(), deep),
                    new FloatRight.Kept(right, i, column, deep), out,
                    i == 0 && begin == Begin.ZERO, KEPT_ROWS, i == blocks.length - 1 ? epilogue : Epilogue.NONE);
        }
        return Launch.all(blocks);
    }

    /**
     * Whether the rows of the left matrix are packed where no tile reads them well as they lie, with so many columns of the right one. Short rows
     * do not crowd: they are read in few steps, and one line after the other.
     */
    static boolean packs(FloatMatrix left, int columns) {
        boolean crowd = left.rowStride() * Float.BYTES % CROWDING == 0 && left.columns() * Float.BYTES >= CROWDING;
        return left.columnStride() != 1 || columns >= (crowd ? CROWDED_COLUMNS : PACKING_COLUMNS);
    }

    /** A block of the right matrix with the rows of the left one that it meets, some at a time. */
    private static final class Block implements Launch {
        private final FloatRight right;
        private final int depth;
        private final int columns;
        private final boolean first;
        private final boolean packsLeft;
        private final FloatMatrix[] rows;
        private final FloatMatrix[] across;
        private final FloatMatrix[] targets;
        /** What is done after each target with those that are finished. */
        private final Launch[] finishes;

        /** @param most rows of the left matrix at a time */
        Block(FloatMatrix left, FloatRight right, FloatMatrix out, boolean first, int most, Epilogue epilogue) {
            this.right = right;
            this.depth = left.columns();
            this.columns = out.columns();
            this.first = first;
            this.packsLeft = right.isForPackedRows() && packs(left, columns);
            int count = Math.ceilDiv(left.rows(), most);
            int finished = 0;
            this.rows = new FloatMatrix[count];
            this.across = new FloatMatrix[count];
            this.targets = new FloatMatrix[count];
            this.finishes = new Launch[count];
            for (int i = 0; i < count; i++) {
                int begin = i * most;
                int height = Math.min(most, left.rows() - begin);
                rows[i] = left.part(begin, 0, height, left.columns());
                across[i] = rows[i].transposed();
                targets[i] = out.part(begin, 0, height, out.columns());
                boolean isPart = i == count - 1 || (begin + height - finished) * columns >= PART;
                finishes[i] = isPart ? epilogue.on(finished, 0, begin + height - finished, columns) : Launch.NOTHING;
                finished = isPart ? begin + height : finished;
            }
        }

        @Override
        public void run() {
            FloatScratch scratch = FloatScratch.get();
            float[] elements = right.elements(scratch);
            for (int i = 0; i < rows.length; i++) {
                float[] leftPanels = scratch.edge();
                if (packsLeft) {
                    leftPanels = scratch.left(FloatPacking.size(across[i], FloatTile.LEFT));
                    FloatPacking.pack(across[i], FloatCut.LEFT, FloatPacking.Beyond.LAST, leftPanels);
                }
                int column = 0;
                while (column < columns) {
                    int width = right.width(column);
                    FloatTiles.multiplyPanel(rows[i], depth, leftPanels, elements, right.at(column),
                            right.stride(column), width,
                            column, targets[i], first, packsLeft, scratch.edge());
                    column += width;
                }
                finishes[i].run();
            }
        }
    }
}
