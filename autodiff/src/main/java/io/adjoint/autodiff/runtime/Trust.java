package io.adjoint.autodiff.runtime;

/**
 * Whether helpers are worth calling. Where other programs want the processors, a helper may be stopped for milliseconds in
 * the middle of a chunk, and its caller waits. So after a loss helpers rest for a while, for longer each time that they fail
 * again soon: losses become a small part of the time, and a machine that has calmed down is used again within a second.
 * Threads may race on the fields, which only costs a rest.
 */
final class Trust {
    /** What a thread on time may take, for its chunk to be the longest and for being woken. */
    private static final long NO_LOSS_NANOS = 100_000;

    /** A helper that works saves as much time as it takes, so the first rest need not be long. */
    private static final int REST_PER_LOSS = 4;

    private static final long LONGEST_REST_NANOS = 1_000_000_000;

    private volatile long restsUntil = System.nanoTime();
    private volatile long rest;

    /** Whether helpers may be called. */
    boolean holds(long now) {
        return now - restsUntil >= 0;
    }

    /**
     * Judges a loop.
     *
     * @param waited nanoseconds for which the caller had nothing left to do
     * @param chunk nanoseconds that a chunk took the caller
     */
    void judge(long waited, long chunk, long now) {
        long loss = waited - 2 * chunk;
        if (loss > NO_LOSS_NANOS) {
            boolean soon = now - restsUntil < rest;
            rest = Math.min(LONGEST_REST_NANOS, Math.max(soon ? 2 * rest : 0, REST_PER_LOSS * loss));
            restsUntil = now + rest;
        }
    }

    /** As it was at first. */
    void restore() {
        rest = 0;
        restsUntil = System.nanoTime();
    }
}
