package io.adjoint.examples.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A function of 2^20 numbers. */
record Elementwise(Function function) implements Workload {
    private static final int SIZE = 1 << 20;

    /** What is computed. */
    enum Function {
        /** Of two operands. */
        ADD,
        /** e^x. */
        EXP,
        /** The hyperbolic tangent. */
        TANH,
        /** The exact form, with erf. */
        GELU,
        /** All numbers to one. */
        SUM
    }

    static List<Elementwise> all() {
        return Arrays.stream(Function.values()).map(Elementwise::new).toList();
    }

    @Override
    public String name() {
        return "map-" + function.name().toLowerCase(Locale.ROOT) + "-1m";
    }

    Values operand() {
        return Values.uniform("operand", 4, SIZE);
    }

    Values second() {
        return Values.uniform("second", 4, SIZE);
    }
}
