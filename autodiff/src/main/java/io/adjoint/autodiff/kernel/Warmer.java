package io.adjoint.autodiff.kernel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;

/** The one daemon thread that rehearses SIMD loops, the most wanted first, away from every caller's path. */
final class Warmer {
    private static final LinkedBlockingQueue<TieredLoop> ARRIVALS = new LinkedBlockingQueue<>();

    static {
        Thread.ofPlatform().daemon().name("adjoint-warmer").start(Warmer::serve);
    }

    private Warmer() {}

    /** Asks for a rehearsal, some time. */
    static void enqueue(TieredLoop loop) {
        ARRIVALS.add(loop);
    }

    private static void serve() {
        List<TieredLoop> waiting = new ArrayList<>();
        while (true) {
            try {
                if (waiting.isEmpty()) {
                    waiting.add(ARRIVALS.take());
                }
            } catch (InterruptedException e) {
                return;
            }
            ARRIVALS.drainTo(waiting);
            TieredLoop wanted = waiting.stream().max(Comparator.comparingLong(TieredLoop::operations)).orElseThrow();
            waiting.remove(wanted);
            wanted.rehearse();
        }
    }
}
