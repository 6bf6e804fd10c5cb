package io.adjoint.examples.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A system's half of the conversation with {@link Opponent}, on standard input and output: each command is answered by a line of numbers. */
final class Side {
    /** Followed by a workload's name: makes it ready and answers with its evidence. */
    static final String PREPARE = "prepare";

    /** Runs until the system is as fast as it gets; answers with the time that it took. */
    static final String WARM_UP = "warm-up";

    /** Answers with times of runs in milliseconds. */
    static final String TURN = "turn";

    /** Answers with {@link Memory#now}. */
    static final String MEMORY = "memory";

    private static final long TURN_NANOS = 150_000_000;

    /** Shorter runs are timed several at once, or the clock would count too. */
    private static final long SAMPLE_NANOS = 1_000_000;

    private final Function<Workload, Job> system;
    private Job job;
    private long runsPerSample = 1;

    private Side(Function<Workload, Job> system) {
        this.system = system;
    }

    /**
     * Serves until standard input ends; or, given more than the number of threads, a name and a number of steps, does that and
     * ends.
     */
    static void main(String[] arguments, Function<Workload, Job> system) {
        if (arguments.length == 1) {
            new Side(system).serve();
            return;
        }
        Job job = system.apply(Workload.named(arguments[1]));
        for (int steps = Integer.parseInt(arguments[2]); steps > 0; steps--) {
            job.run();
        }
    }

    private void serve() {
        PrintStream answers = System.out;
        // A library that prints must not garble the answers.
        System.setOut(System.err);
        try (BufferedReader commands = new BufferedReader(new InputStreamReader(System.in))) {
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                double[] answer = answer(line.split(" "));
                answers.println(Arrays.stream(answer).mapToObj(Double::toString).collect(Collectors.joining(" ")));
                answers.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private double[] answer(String[] command) {
        return switch (command[0]) {
            case PREPARE -> {
                job = system.apply(Workload.named(command[1]));
                yield job.evidence();
            }
            case WARM_UP -> new double[] {warmUp()};
            case TURN -> turn();
            case MEMORY -> Memory.now();
            default -> throw new IllegalArgumentException(command[0]);
        };
    }

    private double warmUp() {
        WarmUp warmUp = new WarmUp();
        while (!warmUp.isOverAfter(sample())) {
        }
        return warmUp.seconds();
    }

    private double[] turn() {
        Times times = new Times();
        long begin = System.nanoTime();
        do {
            times.add(sample() / 1e6);
        } while (System.nanoTime() - begin < TURN_NANOS);
        return times.toArray();
    }

    /** Nanoseconds per run. */
    private double sample() {
        long begin = System.nanoTime();
        for (long run = 0; run < runsPerSample; run++) {
            job.run();
        }
        double nanos = (double) (System.nanoTime() - begin) / runsPerSample;
        runsPerSample = Math.max(1, (long) Math.ceil(SAMPLE_NANOS / nanos));
        return nanos;
    }
}
