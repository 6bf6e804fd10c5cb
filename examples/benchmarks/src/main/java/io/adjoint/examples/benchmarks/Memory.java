package io.adjoint.examples.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;

/** The JVM's own counters of its memory. */
record Memory(double seconds, double collecting, double collections, double bytes) {
    /** Seconds of a clock, seconds of collections so far, their number, bytes allocated so far by all threads. */
    static double[] now() {
        var collectors = ManagementFactory.getGarbageCollectorMXBeans();
        double millis = collectors.stream().mapToLong(GarbageCollectorMXBean::getCollectionTime).sum();
        double count = collectors.stream().mapToLong(GarbageCollectorMXBean::getCollectionCount).sum();
        double bytes = ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getTotalThreadAllocatedBytes();
        return new double[] {System.nanoTime() / 1e9, millis / 1e3, count, bytes};
    }

    /** What happened between two calls of {@link #now}. */
    static Memory between(double[] before, double[] after) {
        return new Memory(after[0] - before[0], after[1] - before[1], after[2] - before[2], after[3] - before[3]);
    }

    String describe(int runs) {
        return String.format("%.1f %% of %.1f s in %.0f collections; %.1f MB allocated in a run",
                100 * collecting / seconds,
                seconds, collections, bytes / runs / 1e6);
    }
}
