package io.adjoint.examples.benchmarks;

import java.util.function.DoubleSupplier;

/**
 * Runs until nothing gets faster: C2 compiles what was called often, and this library's SIMD loops take over once they are
 * rehearsed, which may be seconds after the first call.
 *
 * @param sample runs and returns the time of a run
 */
record WarmUp(DoubleSupplier sample) {
    private static final long LEAST_NANOS = 2_000_000_000L;
    private static final long MOST_NANOS = 40_000_000_000L;

    /** A slow workload needs runs rather than time. */
    private static final int LEAST_RUNS = 24;

    /** How long nothing may get faster before the warm-up ends: a part of all, as one learns of late changes only by waiting. */
    private static final double CALM_SHARE = 0.5;

    private static final double FASTER = 0.97;

    /** The seconds that it took. */
    double run() {
        long begin = System.nanoTime();
        double best = Double.POSITIVE_INFINITY;
        long bestAfter = 0;
        int runs = 0;
        long elapsed = 0;
        while (elapsed < MOST_NANOS && (elapsed < LEAST_NANOS || runs < LEAST_RUNS
                || elapsed - bestAfter < elapsed * CALM_SHARE)) {
            double nanos = sample.getAsDouble();
            runs++;
            elapsed = System.nanoTime() - begin;
            if (nanos < best * FASTER) {
                best = nanos;
                bestAfter = elapsed;
            }
        }
        return elapsed / 1e9;
    }
}
