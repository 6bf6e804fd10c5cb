package io.adjoint.examples.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.function.Function;

/**
 * A system's half of the conversation with {@link Benchmark}, on standard input and output. A line with a workload's name
 * prepares it and warms up, an empty line asks for a turn; the answer is one line, {@code ready}, or the turn's times in
 * milliseconds.
 */
final class Side {
    static final String READY = "ready";
    private static final long WARM_UP_NANOS = 3_000_000_000L;
    private static final long TURN_NANOS = 150_000_000;

    /** Shorter runs are timed several at once, or the clock would count too. */
    private static final long SAMPLE_NANOS = 1_000_000;

    private Runnable workload = () -> {};
    private long runsPerSample = 1;

    private Side() {}

    /** Serves until standard input ends. */
    static void serve(Function<Workload, Runnable> system) {
        PrintStream answers = System.out;
        // A library that prints must not garble the answers.
        System.setOut(System.err);
        try (BufferedReader commands = new BufferedReader(new InputStreamReader(System.in))) {
            Side side = new Side();
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                answers.println(line.isEmpty() ? side.turn() : side.prepare(system.apply(Workload.named(line))));
                answers.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String prepare(Runnable prepared) {
        workload = prepared;
        runsPerSample = 1;
        long begin = System.nanoTime();
        double nanos = 0;
        while (System.nanoTime() - begin < WARM_UP_NANOS) {
            nanos = sample();
            runsPerSample = Math.max(1, (long) Math.ceil(SAMPLE_NANOS / nanos));
        }
        return READY;
    }

    private String turn() {
        StringBuilder times = new StringBuilder();
        long begin = System.nanoTime();
        do {
            times.append(sample() / 1e6).append(' ');
        } while (System.nanoTime() - begin < TURN_NANOS);
        return times.toString().strip();
    }

    /** Nanoseconds per run. */
    private double sample() {
        long begin = System.nanoTime();
        for (long run = 0; run < runsPerSample; run++) {
            workload.run();
        }
        return (double) (System.nanoTime() - begin) / runsPerSample;
    }
}
