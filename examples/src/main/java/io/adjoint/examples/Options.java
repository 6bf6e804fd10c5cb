package io.adjoint.examples;

import java.util.ArrayList;
import java.util.List;

/**
 * The options of an example, {@code --name value} or {@code --flag} in any order. An example takes out those that it
 * knows; {@link #done} refuses what is left.
 *
 * <pre>{@code
 * Options options = new Options(args);
 * int epochs = options.integer("epochs", 5);
 * boolean peers = options.flag("peers");
 * options.done();
 * }</pre>
 */
final class Options {
    private final List<String> left;

    Options(List<String> args) {
        left = new ArrayList<>(args);
    }

    /** Whether {@code --name} stands there. */
    boolean flag(String name) {
        return left.remove("--" + name);
    }

    /**
     * The value of {@code --name}, or {@code otherwise} where the option is absent.
     *
     * @throws IllegalArgumentException if the value is missing
     */
    String text(String name, String otherwise) {
        int at = left.indexOf("--" + name);
        if (at < 0) {
            return otherwise;
        }
        if (at + 1 == left.size()) {
            throw new IllegalArgumentException("option --" + name + " needs a value");
        }
        left.remove(at);
        return left.remove(at);
    }

    /**
     * The value of {@code --name} as an {@code int}, or {@code otherwise} where the option is absent.
     *
     * @throws IllegalArgumentException if the value is missing or no such number
     */
    int integer(String name, int otherwise) {
        String text = text(name, Integer.toString(otherwise));
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("option --" + name + " needs a whole number, not '" + text + "'", e);
        }
    }

    /**
     * The value of {@code --name} as a {@code double}, or {@code otherwise} where the option is absent.
     *
     * @throws IllegalArgumentException if the value is missing or no number
     */
    double number(String name, double otherwise) {
        String text = text(name, Double.toString(otherwise));
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("option --" + name + " needs a number, not '" + text + "'", e);
        }
    }

    /**
     * Says that the example knows no more options.
     *
     * @throws IllegalArgumentException if something is left
     */
    void done() {
        if (!left.isEmpty()) {
            throw new IllegalArgumentException("unknown option '" + left.getFirst() + "'");
        }
    }
}
