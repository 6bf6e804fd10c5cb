package io.adjoint.examples.benchmarks;

/**
 * Runs until nothing gets faster: C2 compiles what was called often, and this library's SIMD loops take over once they are
 * rehearsed, which may be seconds after the first call.
 */
final class WarmUp {
    /** Before that, code that is calm may only wait for its SIMD loops, which are rehearsed for seconds. */
    private static final long LEAST_NANOS = 6_000_000_000L;

    private static final long MOST_NANOS = 40_000_000_000L;

    /** A slow workload needs runs rather than time. */
    private static final int LEAST_RUNS = 24;

    /** How long nothing may get faster before the warm-up ends: a part of all, as one learns of late changes only by waiting. */
    private static final double CALM_SHARE = 0.5;

    private static final double FASTER = 0.97;

    private final long begin = System.nanoTime();
    private double best = Double.POSITIVE_INFINITY;
    private long bestAfter;
    private int runs;

    /** Whether it is over, after one more run of that time. */
    boolean isOverAfter(double nanos) {
        long elapsed = System.nanoTime() - begin;
        runs++;
        if (nanos < best * FASTER) {
            best = nanos;
            bestAfter = elapsed;
        }
        return elapsed >= MOST_NANOS
                || elapsed >= LEAST_NANOS && runs >= LEAST_RUNS && elapsed - bestAfter >= elapsed * CALM_SHARE;
    }

    /** The seconds that it has taken so far. */
    double seconds() {
        return (System.nanoTime() - begin) / 1e9;
    }
}
