package io.adjoint.autodiff;

import java.util.ArrayList;
import java.util.List;

/**
 * A call was refused at the edge: shapes, dtypes or arguments do not fit the operation's rule. Nothing was computed or
 * changed.
 *
 * <p>The message has one form: operation, broken rule, operands, and what was expected.
 *
 * <pre>{@code matmul: inner dimensions differ: left [32, 128], right [64, 10]; expected right [128, *]}</pre>
 *
 * Inside a model it begins with the path of the layer: {@code encoder.layers.2: matmul: ...}.
 */
public final class ShapeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String path;
    private final String operation;
    private final String rule;
    private final transient List<String> operands;
    private final String expected;

    private ShapeException(String path, String operation, String rule, List<String> operands, String expected) {
        super(format(path, operation, rule, operands, expected));
        this.path = path;
        this.operation = operation;
        this.rule = rule;
        this.operands = operands;
        this.expected = expected;
    }

    /** Begins the report of a broken rule; {@link Report#expected} makes the exception. */
    public static Report of(String operation, String rule) {
        return new Report(operation, rule);
    }

    /** This refusal seen from one level further out in a model: {@code name} goes in front of its path. */
    public ShapeException within(String name) {
        ShapeException outer = new ShapeException(path.isEmpty() ? name : name + "." + path, operation, rule,
                operands == null ? List.of() : operands, expected);
        outer.setStackTrace(getStackTrace());
        return outer;
    }

    /** This refusal with the line of a traced function in which it happened behind what was expected. */
    public ShapeException at(String place) {
        ShapeException placed = new ShapeException(path, operation, rule, operands == null ? List.of() : operands,
                expected + " (at " + place + ")");
        placed.setStackTrace(getStackTrace());
        return placed;
    }

    /** Path of the layer in which the call was refused, empty outside a model. */
    public String path() {
        return path;
    }

    /** Name of the operation that refused. */
    public String operation() {
        return operation;
    }

    private static String format(String path, String operation, String rule, List<String> operands, String expected) {
        StringBuilder text = new StringBuilder();
        if (!path.isEmpty()) {
            text.append(path).append(": ");
        }
        text.append(operation).append(": ").append(rule);
        if (!operands.isEmpty()) {
            text.append(": ").append(String.join(", ", operands));
        }
        return text.append("; expected ").append(expected).toString();
    }

    /** A refusal being written: the operands it names, then what was expected instead. */
    public static final class Report {
        private final String operation;
        private final String rule;
        private final List<String> operands = new ArrayList<>();

        private Report(String operation, String rule) {
            this.operation = operation;
            this.rule = rule;
        }

        /** Names one operand with its shape, dtype or value. */
        public Report operand(String name, Object found) {
            operands.add(name + " " + found);
            return this;
        }

        /** Completes the report with what would have been accepted. */
        public ShapeException expected(String expected) {
            return new ShapeException("", operation, rule, List.copyOf(operands), expected);
        }
    }
}
