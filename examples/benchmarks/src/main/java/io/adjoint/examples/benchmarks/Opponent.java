package io.adjoint.examples.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** A contender in its process, and the times it has run so far. */
final class Opponent implements AutoCloseable {
    private final String name;
    private final Process process;
    private final PrintWriter commands;
    private final BufferedReader answers;
    private final Times times = new Times();

    private final Words words;

    private Opponent(String name, Process process, Words words) {
        this.name = name;
        this.words = words;
        this.process = process;
        this.commands = new PrintWriter(process.outputWriter(), true);
        this.answers = process.inputReader();
    }

    static Opponent start(Contender contender) {
        Words words = Words.fresh();
        try {
            return new Opponent(contender.name(), contender.process(words.file()).start(), words);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String name() {
        return name;
    }

    Times times() {
        return times;
    }

    /** Answers with the job's evidence. */
    double[] prepare(Workload workload) {
        return ask(Side.PREPARE + " " + workload.name());
    }

    void warmUp() {
        ask(Side.WARM_UP);
    }

    void takeTurn() {
        times.add(ask(Side.TURN));
    }

    double[] memory() {
        return ask(Side.MEMORY);
    }

    private double[] ask(String command) {
        commands.println(command);
        try {
            String answer = answers.readLine();
            if (answer == null) {
                throw new BenchmarkException(name + " ended: " + words.last());
            }
            return Arrays.stream(answer.split(" ")).mapToDouble(Double::parseDouble).toArray();
        } catch (NumberFormatException e) { // a JVM that crashes says so on standard output
            throw new BenchmarkException(name + " answers no numbers: " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the process. */
    @Override
    public void close() {
        commands.close();
        process.destroy();
        words.close();
    }
}
