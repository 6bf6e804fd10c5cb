package io.adjoint.examples.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A function of each row of a matrix. */
record RowWise(Function function) implements Workload {
    static final int COLUMNS = 1024;
    static final double EPSILON = 1e-5;
    private static final int ROWS = 1024;

    /** What is computed. */
    enum Function {
        /** Probabilities. */
        SOFTMAX,
        /** Layer normalisation with scale and shift. */
        LAYERNORM
    }

    static List<RowWise> all() {
        return Arrays.stream(Function.values()).map(RowWise::new).toList();
    }

    @Override
    public String name() {
        return "row-" + function.name().toLowerCase(Locale.ROOT) + "-" + ROWS + "x" + COLUMNS;
    }

    Values matrix() {
        return Values.uniform("matrix", 4, ROWS, COLUMNS);
    }

    Values scale() {
        return Values.uniform("scale", 1, COLUMNS);
    }

    Values shift() {
        return Values.uniform("shift", 1, COLUMNS);
    }
}
