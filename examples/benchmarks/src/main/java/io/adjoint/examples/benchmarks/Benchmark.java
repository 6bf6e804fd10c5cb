package io.adjoint.examples.benchmarks;

import java.util.List;

/**
 * Times workloads: {@code benchmark [--filter TEXT] [--threads N] [--rounds N] [--peers]}. Prints one line for each system
 * and workload to standard output, tab-separated: system, workload, threads, median and least time of a run in
 * milliseconds, number of times measured; ratios and notes go to standard error.
 */
final class Benchmark {
    private Benchmark() {}

    /** See the class. Ends with 1 if there are no times for an entry, with 2 for wrong arguments. */
    public static void main(String[] arguments) {
        try {
            System.exit(run(Choices.of(arguments)) ? 0 : 1);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    private static boolean run(Choices choices) {
        List<Entry> wanted = Entry.all().stream().filter(entry -> entry.name().contains(choices.filter())).toList();
        if (wanted.isEmpty()) {
            throw new IllegalArgumentException(
                    "benchmark: nothing is called " + choices.filter() + "; expected a part of "
                            + String.join(", ", Entry.all().stream().map(Entry::name).toList()));
        }
        boolean complete = true;
        for (Entry entry : wanted) {
            try {
                entry.measure(choices);
            } catch (BenchmarkException e) {
                Report.note(entry.name(), e.getMessage());
                complete = false;
            }
        }
        return complete;
    }
}
