package io.adjoint.autodiff.kernel;

import java.util.function.Supplier;

/**
 * A scalar loop that its SIMD twin takes over from once it is compiled: until then, Vector API code is a thousand times
 * slower. Since both give the same bits, nobody sees the change.
 */
final class TieredLoop implements Loop, Tiered {
    /**
     * Element operations, some fifty milliseconds, from which on a rehearsal pays: it takes a hundred of a core and of the
     * compiler, which at the start has better things to compile.
     */
    private static final long WORTH_A_REHEARSAL = 1L << 27;

    /** A run takes as long as so many operations, however few elements it has. */
    private static final long RUN = 1 << 8;

    /** After a rehearsal in vain, on too busy a machine or for lack of an instruction, the next takes so much more work. */
    private static final int PATIENCE = 64;

    private final Loop scalar;
    private final Supplier<Loop> emitSimd;
    private final int leastColumns;
    private final Rehearsal rehearsal;

    /** The loop that serves where there are enough columns. */
    private volatile Loop serving;

    /** Threads may race on these; they only decide when to rehearse, and a second rehearsal does no harm. */
    private long operations;

    private long enough = WORTH_A_REHEARSAL;
    private boolean queued;

    /**
     * @param scalar serves at first, and always where there are too few columns
     * @param emitSimd makes the twin
     * @param leastColumns that the twin can handle
     * @param rehearsal of the twin
     */
    TieredLoop(Loop scalar, Supplier<Loop> emitSimd, int leastColumns, Rehearsal rehearsal) {
        this.scalar = scalar;
        this.emitSimd = emitSimd;
        this.leastColumns = leastColumns;
        this.rehearsal = rehearsal;
        this.serving = scalar;
    }

    /** Lets the SIMD loop serve from now on, compiled or not. */
    TieredLoop eager() {
        serving = emitSimd.get();
        return this;
    }

    @Override
    public void run(Object[] arrays, int[] offsets, int[] rowStrides, int[] columnStrides, int rows, int columns) {
        Loop loop = columns < leastColumns ? scalar : serving;
        loop.run(arrays, offsets, rowStrides, columnStrides, rows, columns);
        if (loop == scalar && !queued) {
            count(RUN + (long) rows * columns * rehearsal.cost());
        }
    }

    private void count(long more) {
        operations += more;
        if (operations >= enough) {
            queued = true;
            Warmer.enqueue(this);
        }
    }

    @Override
    public long operations() {
        return operations;
    }

    @Override
    public void rehearse() {
        Loop simd = emitSimd.get();
        if (rehearsal.warms(simd)) {
            serving = simd;
        } else {
            enough *= PATIENCE;
            queued = false;
        }
    }
}
