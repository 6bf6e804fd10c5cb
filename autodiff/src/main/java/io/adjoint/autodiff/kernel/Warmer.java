package io.adjoint.autodiff.kernel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/** The one daemon thread that rehearses SIMD code, the most wanted first, away from every caller's path. */
final class Warmer {
    private static final long LONGEST_WAIT_NANOS = 20_000_000;

    private static final LinkedBlockingQueue<Tiered> ARRIVALS = new LinkedBlockingQueue<>();

    static {
        Thread.ofPlatform().daemon().name("adjoint-warmer").start(Warmer::serve);
    }

    private Warmer() {}

    /** Asks for a rehearsal, some time. */
    static void enqueue(Tiered code) {
        ARRIVALS.add(code);
    }

    /**
     * Waits for the compiler as long as a slow batch took: once a loop is queued there, more calls bring it no sooner, and
     * take the time of threads that compute.
     */
    static void yieldAfter(long nanos) {
        LockSupport.parkNanos(Math.min(nanos, LONGEST_WAIT_NANOS));
    }

    private static void serve() {
        List<Tiered> waiting = new ArrayList<>();
        while (true) {
            try {
                if (waiting.isEmpty()) {
                    waiting.add(ARRIVALS.take());
                }
            } catch (InterruptedException e) {
                return;
            }
            ARRIVALS.drainTo(waiting);
            Tiered wanted = waiting.stream().max(Comparator.comparingLong(Tiered::operations)).orElseThrow();
            waiting.remove(wanted);
            wanted.rehearse();
        }
    }
}
