package io.adjoint.examples;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Runs the command line of the examples and keeps what it prints. */
final class Console {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private int status = -1;

    /** Runs {@code examples/run} with these arguments. */
    static Console run(String... arguments) {
        Console console = new Console();
        console.status = Main.commandLine(new PrintWriter(console.out, true), new PrintWriter(console.err, true))
                .execute(arguments);
        return console;
    }

    int status() {
        return status;
    }

    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }
}
