package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.runtime.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

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
    private static final int DEPTH = Registers.COUNT >= FloatTallTile.REGISTERS ? 1024 : 512;

    private static final int ROWS = 64;

    /** Rows of the left matrix that meet panels which are kept: so many that each is mostly read once, but stay in the second level. */
    private static final int KEPT_ROWS = 128;
    private static final int COLUMNS = 1024;

    /** So few rows of the left matrix stay in the second level that panels of the right one pass by, packed one by one. */
    private static final int PASSING_ROWS = Integer.getInteger("pass", 256);

    /** Elements that an epilogue takes at once: fewer would have short rows, and more would not be in the second level any more. */
    private static final int PART = 1 << 16;

    /** The cost of storing an element of a transposed tile in terms of packing one. */
    private static final int ACROSS = 2;

    /** Elements of a right matrix that stays in the first level. */
    private static final int NEAR = 1 << 13;

    /** More rows than these meet a right matrix so often that packing it does not show. */
    private static final int LYING_ROWS = 64;

    /** With fewer columns than this, packing rows of the left matrix would: they are as fast where they lie. */
    static final int PACKING_COLUMNS = 256;

    /** The same where rows crowd in the first level. */
    private static final int CROWDED_COLUMNS = 64;

    /** Bytes: rows so far apart, or a multiple of that, lie in two or fewer sets of a first level of 64 sets of lines. */
    private static final int CROWDING = 2048;

    /** Where the first sums begin. */
    private static final float[] ZEROS = new float[FloatWideTile.COLUMNS];

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
     * of the transposed product its rows are read where they lie, unless they are so many or so crowded that they would be packed too; a
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
        int strips = FloatStrips.columns(out.rows(), right);
        List<Launch> parts = new ArrayList<>();
        if (strips > 0) {
            parts.add(new FloatStrips(left, right, out.part(0, 0, out.rows(), strips), begin));
            parts.add(epilogue.on(0, 0, out.rows(), strips));
        }
        int depth = depth(left.columns());
        for (int column = strips; column < out.columns(); column += COLUMNS) {
            int columns = Math.min(COLUMNS, out.columns() - column);
            int width = columns <= FloatTile.LANES && left.columnStride() == 1 ? FloatTile.NARROW : FloatTile.COLUMNS;
            int wide = FloatWideTile.columns(out.rows(), columns);
            for (int p = 0; p < left.columns(); p += depth) {
                int deep = Math.min(depth, left.columns() - p);
                FloatMatrix some = right.part(p, column, deep, columns);
                FloatMatrix rows = left.part(0, p, out.rows(), deep);
                FloatMatrix target = out.part(0, column, out.rows(), columns);
                boolean first = p == 0 && begin == Begin.ZERO;
                Epilogue after = p + deep == left.columns() ? epilogue.from(0, column) : Epilogue.NONE;
                if (Lying.serves(left, some)) {
                    parts.add(new Block(rows, new Lying(some), target, first, ROWS, after));
                } else if (out.rows() <= PASSING_ROWS) {
                    parts.add(new Passing(rows, new Fresh(some, wide, width), target, first, after));
                } else {
                    parts.add(new Block(rows, new Fresh(some, wide, width), target, first, ROWS, after));
                }
            }
        }
        return Launch.all(parts.toArray(Launch[]::new));
    }

    /**
     * The product shared by rows among threads, each of which packs a block of the right matrix once for all rows that it takes.
     *
     * @param most rows of a share
     */
    static Launch prepareShared(FloatMatrix left, FloatMatrix right, FloatMatrix out, Begin begin, Epilogue epilogue,
            int most) {
        int depth = depth(left.columns());
        List<Launch> parts = new ArrayList<>();
        for (int column = 0; column < out.columns(); column += COLUMNS) {
            int columns = Math.min(COLUMNS, out.columns() - column);
            for (int p = 0; p < left.columns(); p += depth) {
                int deep = Math.min(depth, left.columns() - p);
                Shared part = new Shared(new Fresh(right.part(p, column, deep, columns),
                        FloatWideTile.columns(most, columns), FloatTile.COLUMNS));
                Block[] blocks = new Block[Math.ceilDiv(out.rows(), most)];
                for (int i = 0; i < blocks.length; i++) {
                    int row = i * most;
                    int rows = Math.min(most, out.rows() - row);
                    blocks[i] = new Block(left.part(row, p, rows, deep), part, out.part(row, column, rows, columns),
                            p == 0 && begin == Begin.ZERO, ROWS,
                            p + deep == left.columns() ? epilogue.from(row, column) : Epilogue.NONE);
                }
                parts.add(Launch.all(part::begin, Workers.prepare(blocks.length, i -> blocks[i].run())));
            }
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
            blocks[i] = new Block(left.part(0, i * depth, out.rows(), deep), new Kept(right, i, column, deep), out,
                    i == 0 && begin == Begin.ZERO, KEPT_ROWS, i == blocks.length - 1 ? epilogue : Epilogue.NONE);
        }
        return Launch.all(blocks);
    }

    /**
     * Whether the rows of the left matrix are packed, with so many columns of the right one. Short rows do not crowd: they are read in
     * few steps, and one line after the other.
     */
    private static boolean packs(FloatMatrix left, int columns) {
        boolean crowd = left.rowStride() * Float.BYTES % CROWDING == 0 && left.columns() * Float.BYTES >= CROWDING;
        return left.columnStride() != 1 || columns >= (crowd ? CROWDED_COLUMNS : PACKING_COLUMNS);
    }

    /** A block of the right matrix as tiles read it. */
    private sealed interface Right {
        /** The array that it lies in. */
        float[] elements(FloatScratch scratch);

        /** How many columns a tile takes at this one. */
        int width(int column);

        /** Where a tile begins. */
        int at(int column);

        /** From one row of a tile to the next. */
        int stride(int column);
    }

    /** Packed each time; the first columns in panels for {@link FloatWideTile}. */
    private record Fresh(FloatMatrix right, int wide, int width) implements Right {
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
    private static final class Shared implements Right {
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
    private record Lying(FloatMatrix right) implements Right {
        /** Whether all tiles are whole ones, the left matrix is read where it lies too, and the right one is near. */
        static boolean serves(FloatMatrix left, FloatMatrix right) {
            return FloatTile.TALLEST == FloatTallTile.ROWS && left.rows() % FloatTallTile.ROWS == 0
                    && left.rows() <= LYING_ROWS && !packs(left, right.columns())
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

    private record Kept(FloatPanels all, int part, int column, int depth) implements Right {
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

    /** A block of the right matrix with the rows of the left one that it meets, some at a time. */
    private static final class Block implements Launch {
        private final Right right;
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
        Block(FloatMatrix left, Right right, FloatMatrix out, boolean first, int most, Epilogue epilogue) {
            this.right = right;
            this.depth = left.columns();
            this.columns = out.columns();
            this.first = first;
            this.packsLeft = packs(left, columns);
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
                    FloatPacking.pack(across[i], FloatTile.LEFT, FloatPacking.Beyond.LAST, leftPanels);
                }
                int column = 0;
                while (column < columns) {
                    int width = right.width(column);
                    multiplyPanel(rows[i], depth, leftPanels, elements, right.at(column), right.stride(column), width,
                            column, targets[i], first, packsLeft, scratch.edge());
                    column += width;
                }
                finishes[i].run();
            }
        }
    }

    /** A block of the right matrix with all rows of the left one, which each of its panels meets as soon as it is packed. */
    private static final class Passing implements Launch {
        private final FloatMatrix left;
        private final FloatMatrix across;
        private final Fresh right;
        private final FloatMatrix out;
        private final boolean first;
        private final boolean packsLeft;
        private final int[] columns;
        private final FloatMatrix[] panels;
        /** What is done after each panel with columns that are finished. */
        private final Launch[] finishes;

        Passing(FloatMatrix left, Fresh right, FloatMatrix out, boolean first, Epilogue epilogue) {
            this.left = left;
            this.across = left.transposed();
            this.right = right;
            this.out = out;
            this.first = first;
            this.packsLeft = packs(left, out.columns());
            this.columns = right.panels();
            this.panels = new FloatMatrix[columns.length];
            this.finishes = new Launch[columns.length];
            int finished = 0;
            for (int i = 0; i < columns.length; i++) {
                int end = Math.min(columns[i] + right.width(columns[i]), out.columns());
                panels[i] = right.right().part(0, columns[i], left.columns(), end - columns[i]);
                boolean isPart = end == out.columns() || (end - finished) * out.rows() >= PART;
                finishes[i] = isPart ? epilogue.on(0, finished, out.rows(), end - finished) : Launch.NOTHING;
                finished = isPart ? end : finished;
            }
        }

        @Override
        public void run() {
            FloatScratch scratch = FloatScratch.get();
            float[] leftPanels = scratch.edge();
            if (packsLeft) {
                leftPanels = scratch.left(FloatPacking.size(across, FloatTile.LEFT));
                FloatPacking.pack(across, FloatTile.LEFT, FloatPacking.Beyond.LAST, leftPanels);
            }
            for (int i = 0; i < panels.length; i++) {
                int column = columns[i];
                int stride = right.stride(column);
                int wide = column < right.wide() ? panels[i].columns() : 0;
                float[] panel = scratch.right(stride * left.columns());
                FloatPacking.pack(panels[i], wide, stride, FloatPacking.Beyond.ANYTHING, panel, left.columns(), 0);
                multiplyPanel(left, left.columns(), leftPanels, panel, 0, stride, right.width(column), column, out, first,
                        packsLeft, scratch.edge());
                finishes[i].run();
            }
        }
    }

    /**
     * The sum of products one after the other, each sum going on where the last product left it: as if the factors stood side
     * by side in one product.
     */
    static Launch prepareSum(FloatMatrix[] lefts, FloatMatrix[] rights, FloatMatrix out, Begin begin) {
        List<Sum> sums = new ArrayList<>();
        for (int column = 0; column < out.columns(); column += COLUMNS) {
            int columns = Math.min(COLUMNS, out.columns() - column);
            int from = 0;
            while (from < lefts.length) {
                int to = from + 1;
                int depth = lefts[from].columns();
                while (to < lefts.length && depth + lefts[to].columns() <= DEPTH) {
                    depth += lefts[to++].columns();
                }
                sums.add(new Sum(Arrays.copyOfRange(lefts, from, to), Arrays.copyOfRange(rights, from, to), column,
                        depth, out.part(0, column, out.rows(), columns), from == 0 && begin == Begin.ZERO));
                from = to;
            }
        }
        Sum[] all = sums.toArray(Sum[]::new);
        return () -> {
            for (Sum sum : all) {
                sum.run();
            }
        };
    }

    /** Products of which all factors are packed at once. */
    private static final class Sum {
        private final int depth;
        private final boolean first;
        /** How many columns are in panels for {@link FloatWideTile}. */
        private final int wide;
        private final FloatMatrix[] rights;
        private final FloatMatrix[] targets;
        /** The left factors of each target. */
        private final FloatMatrix[][] across;

        Sum(FloatMatrix[] lefts, FloatMatrix[] rights, int column, int depth, FloatMatrix out, boolean first) {
            this.depth = depth;
            this.first = first;
            this.wide = FloatWideTile.columns(out.rows(), out.columns());
            this.rights = new FloatMatrix[rights.length];
            Arrays.setAll(this.rights, k -> rights[k].part(0, column, rights[k].rows(), out.columns()));
            this.targets = new FloatMatrix[Math.ceilDiv(out.rows(), ROWS)];
            this.across = new FloatMatrix[targets.length][lefts.length];
            for (int i = 0; i < targets.length; i++) {
                int begin = i * ROWS;
                int height = Math.min(ROWS, out.rows() - begin);
                targets[i] = out.part(begin, 0, height, out.columns());
                Arrays.setAll(across[i], k -> lefts[k].part(begin, 0, height, lefts[k].columns()).transposed());
            }
        }

        void run() {
            FloatScratch scratch = FloatScratch.get();
            float[] panels = scratch.right(FloatPacking.size(rights[0], wide, FloatTile.COLUMNS, depth));
            pack(rights, wide, FloatTile.COLUMNS, FloatPacking.Beyond.ANYTHING, panels);
            for (int i = 0; i < targets.length; i++) {
                FloatMatrix[] parts = across[i];
                float[] leftPanels =
                        scratch.left(FloatPacking.size(parts[0], 0, FloatTile.LEFT, depth));
                pack(parts, 0, FloatTile.LEFT, FloatPacking.Beyond.LAST, leftPanels);
                int column = 0;
                while (column < targets[i].columns()) {
                    int width = column < wide ? FloatWideTile.COLUMNS : FloatTile.COLUMNS;
                    multiplyPanel(parts[0], depth, leftPanels, panels, column * depth, width, width, column, targets[i],
                            first, true, scratch.edge());
                    column += width;
                }
            }
        }

        private void pack(FloatMatrix[] parts, int wide, int width, FloatPacking.Beyond beyond, float[] to) {
            int begin = 0;
            for (FloatMatrix part : parts) {
                FloatPacking.pack(part, wide, width, beyond, to, depth, begin);
                begin += part.rows();
            }
        }
    }

    /** All tiles of one panel of the right matrix. */
    private static void multiplyPanel(
            FloatMatrix left,
            int depth,
            float[] leftPanels,
            float[] panels,
            int b,
            int bStride,
            int width,
            int column,
            FloatMatrix out,
            boolean first,
            boolean packsLeft,
            float[] edge) {
        boolean wide = width == FloatWideTile.COLUMNS;
        int columns = Math.min(width, out.columns() - column);
        boolean whole = columns == width && out.columnStride() == 1;
        boolean narrow = columns <= FloatTile.LANES && !packsLeft;
        float[] c = whole ? out.data() : edge;
        int stride = whole ? out.rowStride() : width;
        float[] s = first ? ZEROS : c;
        int sStride = first ? 0 : stride;
        int height = narrow ? FloatTile.NARROW_ROWS : FloatTile.TALLEST;
        for (int row = 0; row < out.rows(); row += height) {
            int rows = Math.min(height, out.rows() - row);
            int at = out.at(row, column);
            int c0 = whole ? at : 0;
            int s0 = first ? 0 : c0;
            if (!whole && !first) {
                load(rows, columns, out, at, edge, width);
            }
            if (narrow) {
                FloatTile.multiplyNarrow(left.data(), left.at(row, 0), left.rowStride(), panels, b, bStride, depth,
                        rows, s, sStride, c);
            } else if (packsLeft) {
                int a = row / FloatTile.LEFT * FloatTile.LEFT * depth + row % FloatTile.LEFT;
                if (wide) {
                    FloatWideTile.multiply(leftPanels, a, panels, b, depth, rows, s, s0, sStride, c, c0, stride);
                } else if (rows > FloatTile.ROWS) {
                    FloatTallTile.multiply(leftPanels, a, panels, b, depth, rows, s, s0, sStride, c, c0, stride);
                } else {
                    FloatTile.multiply(leftPanels, a, panels, b, depth, rows, s, s0, sStride, c, c0, stride);
                }
            } else {
                if (wide) {
                    FloatWideTile.multiplyRows(depth, rows, left.data(), left.at(row, 0), left.rowStride(), panels, b,
                            c, c0, stride, first);
                } else if (rows > FloatTile.ROWS) {
                    FloatTallTile.multiplyRows(depth, rows, left.data(), left.at(row, 0), left.rowStride(), panels, b,
                            bStride, c, c0, stride, first);
                } else {
                    FloatTile.multiplyRows(depth, rows, left.data(), left.at(row, 0), left.rowStride(), panels, b, c,
                            c0, stride, first);
                }
            }
            if (!whole) {
                store(rows, columns, edge, width, out, at);
            }
        }
    }

    /** A tile of a matrix, its rows {@code stride} apart. */
    static void load(int rows, int columns, FloatMatrix from, int at, float[] edge, int stride) {
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                edge[row * stride + column] = from.data()[at + row * from.rowStride() + column * from.columnStride()];
            }
        }
    }

    /** The elements of a tile, its rows {@code stride} apart, to where they belong in a matrix. */
    static void store(int rows, int columns, float[] edge, int stride, FloatMatrix to, int at) {
        int done = 0;
        if (to.rowStride() == 1) {
            done = FloatPacking.transpose(rows, columns, edge, stride, to.data(), at, to.columnStride());
        }
        for (int row = done; row < rows; row++) {
            if (to.columnStride() == 1) {
                System.arraycopy(edge, row * stride, to.data(), at + row * to.rowStride(), columns);
                continue;
            }
            for (int column = 0; column < columns; column++) {
                to.data()[at + row * to.rowStride() + column * to.columnStride()] = edge[row * stride + column];
            }
        }
    }
}
