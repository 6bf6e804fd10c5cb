package io.adjoint.examples.benchmarks;

import java.util.Iterator;
import java.util.List;

/**
 * What the user asked for.
 *
 * @param filter a part of the names of the workloads wanted
 * @param threads for each system
 * @param peers whether to run other frameworks too
 */
record Choices(String filter, int threads, boolean peers) {
    /** @throws IllegalArgumentException with a message for the user */
    static Choices of(String... arguments) {
        Choices choices = new Choices("", 1, false);
        Iterator<String> rest = List.of(arguments).iterator();
        while (rest.hasNext()) {
            String option = rest.next();
            choices = switch (option) {
                case "--filter" -> new Choices(value(option, rest), choices.threads, choices.peers);
                case "--threads" -> new Choices(choices.filter, count(option, rest), choices.peers);
                case "--peers" -> new Choices(choices.filter, choices.threads, true);
                default -> throw new IllegalArgumentException(
                        "benchmark: unknown option " + option + "; expected [--filter TEXT] [--threads N] [--peers]");
            };
        }
        return choices;
    }

    private static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException("benchmark: nothing after " + option + "; expected a value");
        }
        return rest.next();
    }

    private static int count(String option, Iterator<String> rest) {
        String value = value(option, rest);
        if (!value.matches("[1-9][0-9]{0,2}")) {
            throw new IllegalArgumentException("benchmark: " + option + " " + value + "; expected 1 to 999");
        }
        return Integer.parseInt(value);
    }
}
