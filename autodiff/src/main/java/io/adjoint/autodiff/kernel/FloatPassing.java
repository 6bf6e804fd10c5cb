package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.runtime.Workers;

/**
 * A block of the right matrix of a product with all rows of the left one, which each of its panels meets as soon as it is packed. The build
 * derives the float64 twin from this source.
 */
final class FloatPassing implements Launch {
    /** More rows meet each panel so often that packing all of them first does not show. */
    private static final int ROWS = 256;

    /** Bytes of packed rows that mostly stay in the second level. */
    private static final int NEAR = 1 << 20;

    private final FloatMatrix left;
    private final Left leftPanels;
    private final boolean packsLeft;
    private final FloatRight.Fresh right;
    private final FloatMatrix out;
    private final boolean first;
    private final int[] columns;
    private final FloatCut[] cuts;
    private final FloatMatrix[] panels;
    /** What is done after each panel with columns that are finished. */
    private final Launch[] finishes;

    /** Where the rows of the left matrix are in panels, if they are packed. */
    private interface Left {
        float[] panels(FloatScratch scratch);
    }

    /** @param all columns that the panels of the left matrix meet, which may be more than those here */
    private FloatPassing(FloatMatrix left, Left leftPanels, int all, FloatRight.Fresh right, FloatMatrix out,
            boolean first, Epilogue epilogue) {
        this.left = left;
        this.packsLeft = right.isForPackedRows() && FloatMatMul.packs(left, all);
        this.leftPanels = packsLeft ? leftPanels : FloatScratch::edge;
        this.right = right;
        this.out = out;
        this.first = first;
        this.columns = right.cut().begins(out.columns());
        this.cuts = new FloatCut[columns.length];
        this.panels = new FloatMatrix[columns.length];
        this.finishes = new Launch[columns.length];
        int finished = 0;
        for (int i = 0; i < columns.length; i++) {
            int end = Math.min(columns[i] + right.width(columns[i]), out.columns());
            cuts[i] = FloatCut.even(right.width(columns[i]));
            panels[i] = right.right().part(0, columns[i], left.columns(), end - columns[i]);
            boolean isPart = end == out.columns() || (end - finished) * out.rows() >= FloatMatMul.PART;
            finishes[i] = isPart ? epilogue.on(0, finished, out.rows(), end - finished) : Launch.NOTHING;
            finished = isPart ? end : finished;
        }
    }

    /** Whether a left matrix of so many rows stays near while all panels pass by, and has too many of them to read the right one where it lies. */
    static boolean serves(int rows, FloatMatrix right) {
        return rows <= ROWS && rows * FloatMatMul.depth(right.rows()) * Float.BYTES <= NEAR
                && FloatStrips.columns(rows, right) == 0;
    }

    /** What one thread computes. */
    static Launch prepare(FloatMatrix left, FloatRight.Fresh right, FloatMatrix out, boolean first,
            Epilogue epilogue) {
        FloatMatrix across = left.transposed();
        return new FloatPassing(left, scratch -> {
            float[] to = scratch.left(size(across));
            pack(across, to);
            return to;
        }, out.columns(), right, out, first, epilogue);
    }

    /**
     * The block shared among threads.
     *
     * @param most columns of a share
     */
    static Launch prepareShared(FloatMatrix left, FloatMatrix right, FloatMatrix out, boolean first, Epilogue epilogue,
            int most) {
        FloatMatrix across = left.transposed();
        FloatShared packed = new FloatShared(size(across), to -> pack(across, to));
        Launch[] shares = new Launch[Math.ceilDiv(out.columns(), most)];
        for (int i = 0; i < shares.length; i++) {
            int column = i * most;
            int columns = Math.min(most, out.columns() - column);
            FloatRight.Fresh some = new FloatRight.Fresh(right.part(0, column, right.rows(), columns),
                    FloatCut.of(left, out.columns(), columns));
            shares[i] = new FloatPassing(left, scratch -> packed.in(scratch.left()), out.columns(), some,
                    out.part(0, column, out.rows(), columns), first, epilogue.from(0, column));
        }
        return Launch.all(packed::begin, Workers.prepare(shares.length, i -> shares[i].run()));
    }

    private static int size(FloatMatrix across) {
        return FloatPacking.size(across, FloatTile.LEFT);
    }

    private static void pack(FloatMatrix across, float[] to) {
        FloatPacking.pack(across, FloatCut.LEFT, FloatPacking.Beyond.LAST, to);
    }

    @Override
    public void run() {
        FloatScratch scratch = FloatScratch.get();
        float[] rows = leftPanels.panels(scratch);
        for (int i = 0; i < panels.length; i++) {
            int column = columns[i];
            int width = right.width(column);
            float[] panel = scratch.right(width * left.columns());
            FloatPacking.pack(panels[i], cuts[i], FloatPacking.Beyond.ANYTHING, panel);
            FloatTiles.multiplyPanel(left, left.columns(), rows, panel, 0, width, width, column, out, first, packsLeft,
                    scratch.edge());
            finishes[i].run();
        }
    }
}
