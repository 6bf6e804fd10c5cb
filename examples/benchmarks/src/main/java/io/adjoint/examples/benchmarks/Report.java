package io.adjoint.examples.benchmarks;

import java.util.Comparator;
import java.util.Map;
import java.util.SequencedMap;

/** The lines of the table on standard output, and what there is to say about them on standard error. */
final class Report {
    private Report() {}

    /** A line of the table for each system, and how much faster the first is than the fastest of the others. */
    static void times(String entry, int threads, SequencedMap<String, Times> systems) {
        systems.forEach((system, times) -> System.out.printf("%s\t%s\t%d\t%.6f\t%.6f\t%d%n", system, entry, threads,
                times.median(), times.min(), times.runs()));
        Map.Entry<String, Times> first = systems.firstEntry();
        systems.entrySet().stream().skip(1).min(Comparator.comparingDouble(peer -> peer.getValue().median()))
                .ifPresent(peer -> note(entry,
                        String.format("%s is %.2f x as fast as %s (least times: %.2f x)", first.getKey(),
                                peer.getValue().median() / first.getValue().median(), peer.getKey(),
                                peer.getValue().min() / first.getValue().min())));
    }

    static void note(String entry, String text) {
        System.err.println(entry + ": " + text);
    }
}
