package io.adjoint.optim.data;

import io.adjoint.autodiff.ShapeException;
import java.util.List;

/** What is to be learned from a table. */
public sealed interface Target {
    /** The columns it is in. */
    List<String> columns();

    /** The category in a column of words; classes are numbered in the order of the words. */
    static Target category(String column) {
        return new Category(column);
    }

    /** The whole number in a column, from 0 to {@code classes}, exclusive. */
    static Target label(String column, int classes) {
        return new Label(column, classes);
    }

    /**
     * The numbers in columns: F32 {@code [n, columns]}. Of any range, as losses do not look at the range of a target; it is the data
     * that declare one, as {@link #probabilities} does.
     */
    static Target numbers(String... columns) {
        return new Values(List.of(columns));
    }

    /** The probabilities in columns, from 0 for no to 1 for yes, as binary losses take them: F32 {@code [n, columns]}. */
    static Target probabilities(String... columns) {
        return new Probabilities(List.of(columns));
    }

    /**
     * See {@link #category}.
     *
     * @param column its name
     */
    record Category(String column) implements Target {
        @Override
        public List<String> columns() {
            return List.of(column);
        }
    }

    /**
     * See {@link #label}.
     *
     * @param column its name
     * @param classes 1 or more
     */
    record Label(String column, int classes) implements Target {
        /** Refuses a number of classes below 1. */
        public Label {
            if (classes < 1) {
                throw ShapeException.of("label", "no classes").operand("classes", classes).expected("1 or more");
            }
        }

        @Override
        public List<String> columns() {
            return List.of(column);
        }
    }

    /**
     * See {@link #numbers}.
     *
     * @param columns their names, one or more
     */
    record Values(List<String> columns) implements Target {
        /** Refuses no columns. */
        public Values {
            columns = some(columns);
        }
    }

    /**
     * See {@link #probabilities}.
     *
     * @param columns their names, one or more
     */
    record Probabilities(List<String> columns) implements Target {
        /** Refuses no columns. */
        public Probabilities {
            columns = some(columns);
        }
    }

    private static List<String> some(List<String> columns) {
        if (columns.isEmpty()) {
            throw ShapeException.of("target", "no columns").expected("the name of one or more");
        }
        return List.copyOf(columns);
    }
}
