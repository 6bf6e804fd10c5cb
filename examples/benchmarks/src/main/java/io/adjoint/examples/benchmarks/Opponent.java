package io.adjoint.examples.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A contender in its process, and the times it has run so far. */
final class Opponent implements AutoCloseable {
    private final String name;
    private final Process process;
    private final PrintWriter commands;
    private final BufferedReader answers;
    private double[] millis = {};

    private Opponent(String name, Process process) {
        this.name = name;
        this.process = process;
        this.commands = new PrintWriter(process.outputWriter(), true);
        this.answers = process.inputReader();
    }

    static Opponent start(Contender contender, int threads) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(contender.options());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), contender.mainClass()));
        command.add(Integer.toString(threads));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(contender.environment());
        try {
            return new Opponent(contender.name(), builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String name() {
        return name;
    }

    void prepare(Workload workload) {
        millis = new double[0];
        String answer = ask(workload.name());
        if (!answer.equals(Side.READY)) {
            throw new IllegalStateException(name + " answered " + answer + " to " + workload.name());
        }
    }

    void takeTurn() {
        double[] turn =
                Arrays.stream(ask("").split(" ")).mapToDouble(Double::parseDouble).toArray();
        int count = millis.length;
        millis = Arrays.copyOf(millis, count + turn.length);
        System.arraycopy(turn, 0, millis, count, turn.length);
    }

    int runs() {
        return millis.length;
    }

    double min() {
        return Arrays.stream(millis).min().orElseThrow();
    }

    double median() {
        double[] sorted = millis.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private String ask(String command) {
        commands.println(command);
        try {
            String answer = answers.readLine();
            if (answer == null) {
                throw new IllegalStateException(name + " ended; its last words are above");
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the process: its standard input ends. */
    @Override
    public void close() {
        commands.close();
        process.destroy();
    }
}
