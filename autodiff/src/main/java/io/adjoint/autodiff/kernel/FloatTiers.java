package io.adjoint.autodiff.kernel;

/**
 * Decides which matrix product serves: the plain one until the SIMD one is compiled, as in {@link TieredLoop}. The build
 * derives the float64 twin from this source.
 */
final class FloatTiers implements Tiered {
    /** Products of two numbers that make it likely that more will come. */
    private static final long WORTH_A_REHEARSAL = 1 << 20;

    /** Rows, depth and columns of the calls: few elements, and every branch, so that none looks dead to C2. */
    private static final int[][] SHAPES = {{11, 7, 37}, {9, 5, 16}, {3, 9, 70}, {1, 6, 33}, {8, 4, 32}, {13, 8, 1}};

    private static final int DEEP = 400;
    private static final int CALLS_PER_BATCH = 64;
    private static final int MOST_BATCHES = 500;
    private static final int FAST_BATCHES = 4;

    /** Far above the 0.02 ns of compiled SIMD, far below the 20 ns of what runs before. */
    private static final long FAST_NANOS_PER_PRODUCT = 1;

    private static final long NANOS_PER_CALL = 1_000;

    private final boolean mayChange = Simd.mode() == Simd.Mode.AUTO;
    private volatile boolean simd = Simd.mode() == Simd.Mode.EAGER;

    /** Threads may race on these; they only decide when to rehearse, and a second rehearsal does no harm. */
    private long operations;

    private boolean queued;

    /** Whether the SIMD kernel is to compute what takes this many products of two numbers. */
    boolean isSimd(long products) {
        if (!simd && mayChange && !queued) {
            count(products);
        }
        return simd;
    }

    private void count(long products) {
        operations += products;
        if (operations >= WORTH_A_REHEARSAL) {
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
        int fast = 0;
        for (int batch = 0; batch < MOST_BATCHES && fast < FAST_BATCHES; batch++) {
            if (isFast()) {
                fast++;
            }
        }
        simd = fast == FAST_BATCHES;
    }

    private static boolean isFast() {
        long enough = 0;
        long begin = System.nanoTime();
        for (int call = 0; call < CALLS_PER_BATCH; call++) {
            int[] shape = SHAPES[call % SHAPES.length];
            enough += multiply(call, shape[0], call == 0 ? DEEP : shape[1], shape[2]);
        }
        return System.nanoTime() - begin < enough;
    }

    /** Multiplies matrices of zeros, each row-major or column-major; the time that compiled code takes at most. */
    private static long multiply(int variant, int rows, int depth, int columns) {
        FloatMatrix left = (variant & 1) == 0 ? zeros(rows, depth) : zeros(depth, rows).transposed();
        FloatMatrix right = (variant & 2) == 0 ? zeros(depth, columns) : zeros(columns, depth).transposed();
        FloatMatMul.multiply(left, right, zeros(rows, columns));
        return (long) rows * depth * columns * FAST_NANOS_PER_PRODUCT + NANOS_PER_CALL;
    }

    private static FloatMatrix zeros(int rows, int columns) {
        return new FloatMatrix(new float[rows * columns], 0, rows, columns, columns, 1);
    }
}
