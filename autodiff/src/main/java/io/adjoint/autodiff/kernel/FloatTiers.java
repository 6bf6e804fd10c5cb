package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Launch;
import java.util.List;
import java.util.function.Supplier;

/**
 * Decides which kernel serves, of matrix products, convolutions or the like: the plain one until the SIMD one is compiled, as in {@link TieredLoop}. The build
 * derives the float64 twin from this source.
 */
final class FloatTiers implements Tiered {
    /**
     * SIMD code on few elements.
     *
     * @param call bound to its operands once: fresh memory may cost more than a call
     * @param nanos that it takes at most when it is compiled
     */
    record Trial(Launch call, long nanos) {}

    /** A call takes as long as so many products, however few it has. */
    private static final long CALL = 1 << 14;

    /** After a rehearsal in vain, on too busy a machine or for lack of an instruction, the next takes so many more products. */
    private static final int PATIENCE = 64;

    /** Of a batch. */
    private static final int LEAST_CALLS = 64;

    /** Some five times what it mostly takes, for a compiler may be busy with other things. */
    private static final int MOST_BATCHES = 1000;

    /** So many that what a batch seldom calls is compiled, too: in a vector of many lanes it may hide from the clock. */
    private static final int FAST_BATCHES = 100;

    private final Supplier<List<Trial>> trials;
    private final boolean mayChange = Simd.mode() == Simd.Mode.AUTO;
    private volatile boolean simd = Simd.mode() == Simd.Mode.EAGER;

    /** Threads may race on these; they only decide when to rehearse, and a second rehearsal does no harm. */
    private long operations;

    private long enough;
    private boolean queued;

    /**
     * @param trials makes those of one rehearsal; together they take every branch
     * @param worthwhile products of two numbers from which on a rehearsal pays: what the plain code makes while a good part of a
     *     rehearsal would take place, which for products are seconds of a core. A program that ends soon is sooner done without
     */
    FloatTiers(Supplier<List<Trial>> trials, long worthwhile) {
        this.trials = trials;
        this.enough = worthwhile;
    }

    /** Whether the SIMD kernel is to compute what takes this many products of two numbers. */
    boolean isSimd(long products) {
        if (!simd && mayChange && !queued) {
            count(products);
        }
        return simd;
    }

    /** The same for some products that are called together. */
    boolean isSimd(int calls, long products) {
        return isSimd((calls - 1) * CALL + products);
    }

    private void count(long products) {
        operations += CALL + products;
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
        List<Trial> calls = trials.get();
        int fast = 0;
        for (int batch = 0; batch < MOST_BATCHES && fast < FAST_BATCHES; batch++) {
            long begin = System.nanoTime();
            if (isFast(calls)) {
                fast++;
            } else if (batch > Rehearsal.BATCHES_BEFORE_WAITING) {
                Warmer.yieldAfter(System.nanoTime() - begin);
            }
        }
        if (fast == FAST_BATCHES) {
            simd = true;
        } else {
            enough *= PATIENCE;
            queued = false;
        }
    }

    private boolean isFast(List<Trial> calls) {
        long enough = 0;
        long begin = System.nanoTime();
        for (int i = 0; i < Math.max(LEAST_CALLS, calls.size()); i++) {
            Trial trial = calls.get(i % calls.size());
            trial.call.run();
            enough += trial.nanos;
        }
        return System.nanoTime() - begin < enough;
    }
}
