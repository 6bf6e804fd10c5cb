package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Workers;

/** How the result of a matrix product is cut into blocks that threads compute independently. */
record Tiling(int rowsPerBlock, int columnsPerBlock, int down, int across) {
    /** About ten microseconds of work: less does not pay for waking a thread. */
    private static final long LEAST_WORK = 1 << 19;

    /** A multiple of the extents of all tiles but the widest, beside which others serve. */
    private static final int LEAST_EXTENT = 32;

    /** Of a share by columns: fewer would meet the left matrix for too short a time. */
    private static final int LEAST_COLUMNS = 2 * LEAST_EXTENT;

    /** A multiple of every tile's rows. */
    private static final int ROWS = 16;

    /** More blocks than threads, so that a thread held back by other programs leaves blocks to the others. */
    private static final int BLOCKS_PER_THREAD = 4;

    static Tiling of(int rows, int depth, int columns) {
        int threads = Workers.threads();
        int rowsPerBlock = rows;
        int columnsPerBlock = columns;
        if (threads > 1) {
            long most = Math.min((long) threads * BLOCKS_PER_THREAD, (long) rows * columns * depth / LEAST_WORK);
            while (Math.max(rowsPerBlock, columnsPerBlock) > LEAST_EXTENT
                    && (long) Math.ceilDiv(rows, rowsPerBlock) * Math.ceilDiv(columns, columnsPerBlock) < most) {
                if (rowsPerBlock >= columnsPerBlock) {
                    rowsPerBlock = half(rowsPerBlock);
                } else {
                    columnsPerBlock = half(columnsPerBlock);
                }
            }
        }
        return new Tiling(
                rowsPerBlock, columnsPerBlock, Math.ceilDiv(rows, rowsPerBlock),
                Math.ceilDiv(columns, columnsPerBlock));
    }

    /**
     * How many rows each share has where threads had better share rows only, each keeping what it has packed of the right matrix: so the left one is
     * packed once and the right one once by each thread. 0 where blocks pack less, or the product is small.
     *
     * @param rows of the result
     * @param columns of the result
     */
    int byRows(int rows, int columns) {
        int threads = Workers.threads();
        int shares = threads * BLOCKS_PER_THREAD;
        boolean packsLess = (long) threads * columns + rows < (long) down * columns + (long) across * rows;
        return threads > 1 && blocks() >= shares && columns >= FloatMatMul.PACKING_COLUMNS && packsLess
                ? Math.ceilDiv(rows, shares * ROWS) * ROWS : 0;
    }

    /**
     * How many columns each share has where threads had better share columns only, each keeping what it has packed of the left matrix and using
     * panels of the right one as soon as it has packed them. 0 where equal shares would have fewer than {@link #LEAST_COLUMNS}, or the product is small.
     *
     * @param columns of the result
     */
    int byColumns(int columns) {
        int threads = Workers.threads();
        int shares = threads * BLOCKS_PER_THREAD;
        return threads > 1 && blocks() >= shares && columns >= shares * LEAST_COLUMNS
                ? Math.ceilDiv(columns, shares * LEAST_EXTENT) * LEAST_EXTENT : 0;
    }

    private static int half(int extent) {
        return Math.ceilDiv(extent, 2 * LEAST_EXTENT) * LEAST_EXTENT;
    }

    /** Into how many chunks to cut a batch: into one if the products are better shared one by one. */
    static int chunksOfBatch(int batch, int rows, int depth, int columns) {
        int threads = Workers.threads();
        long work = (long) rows * columns * depth;
        if (threads == 1 || batch < 2 * threads && work > LEAST_WORK) {
            return 1;
        }
        long most = Math.min((long) threads * BLOCKS_PER_THREAD, batch * Math.max(1, work) / LEAST_WORK);
        return Math.clamp(most, 1, batch);
    }

    /** Where a chunk of a batch begins. */
    static int begin(int chunk, int chunks, int batch) {
        return (int) ((long) batch * chunk / chunks);
    }

    int blocks() {
        return down * across;
    }

    int row(int block) {
        return block % down * rowsPerBlock;
    }

    int column(int block) {
        return block / down * columnsPerBlock;
    }
}
