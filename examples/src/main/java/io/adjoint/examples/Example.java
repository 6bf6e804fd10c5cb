package io.adjoint.examples;

import java.util.List;

/** A program that {@code examples/run} can start; {@link Main} lists them all. */
interface Example {
    /** What the user types to start it: one lower-case word. */
    String name();

    /** One line for the list of examples. */
    String summary();

    /**
     * Runs the example to its end.
     *
     * @param args what the user typed after the name
     * @throws IllegalArgumentException if {@code args} cannot be understood
     */
    void run(List<String> args);
}
