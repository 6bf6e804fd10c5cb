package io.adjoint.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.List;

/** Starts an example by its name, or lists them: the Java side of {@code examples/run}. */
final class Main {
    private static final List<Example> EXAMPLES = List.of();

    private final List<Example> examples;
    private final PrintStream out;
    private final PrintStream err;

    Main(List<Example> examples, PrintStream out, PrintStream err) {
        this.examples = examples;
        this.out = out;
        this.err = err;
    }

    public static void main(String[] args) {
        System.exit(new Main(EXAMPLES, System.out, System.err).run(List.of(args)));
    }

    /**
     * Runs the example that the first argument names with the others; without arguments lists the examples. What a user
     * can put right is answered with one sentence; any other exception is a bug and leaves its trace.
     *
     * @return the exit status: 0, or 1 if the user asked for what cannot be done
     */
    int run(List<String> args) {
        if (args.isEmpty()) {
            list(out);
            return 0;
        }
        String name = args.getFirst();
        for (Example example : examples) {
            if (example.name().equals(name)) {
                return run(example, args.subList(1, args.size()));
            }
        }
        err.println("There is no example '" + name + "'.");
        list(err);
        return 1;
    }

    private int run(Example example, List<String> args) {
        try {
            example.run(args);
            return 0;
        } catch (IllegalArgumentException e) {
            err.println(example.name() + ": " + e.getMessage());
        } catch (UncheckedIOException e) {
            err.println(example.name() + ": " + describe(e.getCause()));
        }
        return 1;
    }

    /** The message of a missing file is its bare path. */
    private static String describe(IOException e) {
        return e instanceof NoSuchFileException missing ? "no such file: " + missing.getFile() : e.getMessage();
    }

    private void list(PrintStream to) {
        to.println("Usage: examples/run NAME [options]");
        for (Example example : examples) {
            to.printf("  %-12s %s%n", example.name(), example.summary());
        }
    }
}
