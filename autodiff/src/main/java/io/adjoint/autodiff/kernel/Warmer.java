package io.adjoint.autodiff.kernel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;

/** The one daemon thread that rehearses SIMD code, the most wanted first, away from every caller's path. */
final class Warmer {
    private static final LinkedBlockingQueue<Tiered> ARRIVALS = new LinkedBlockingQueue<>();

    static {
        Thread.ofPlatform().daemon().name("adjoint-warmer").start(Warmer::serve);
    }

    private Warmer() {}

    /** Asks for a rehearsal, some time. */
    static void enqueue(Tiered code) {
        ARRIVALS.add(code);
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
