package io.adjoint.examples.benchmarks;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * Predicts the next of 65 characters: tokens {@code [64 steps, 32]}, an embedding of width 64, an LSTM of 128 units with gates in
 * PyTorch's order (input, forget, cell, output), and a layer 128-65 at each step.
 */
record Lstm() implements Network {
    static final int STEPS = 64;
    static final int BATCH = 32;
    static final int UNITS = 128;
    private static final int VOCABULARY = 65;
    private static final int WIDTH = 64;

    @Override
    public String name() {
        return "lstm";
    }

    @Override
    public SequencedMap<String, Values> parameters() {
        SequencedMap<String, Values> parameters = new LinkedHashMap<>();
        parameters.put("embedding", Values.uniform("embedding", 1, VOCABULARY, WIDTH));
        Network.layer(parameters, "input", 4 * UNITS, WIDTH);
        Network.layer(parameters, "hidden", 4 * UNITS, UNITS);
        Network.layer(parameters, "head", VOCABULARY, UNITS);
        return parameters;
    }

    @Override
    public Optimization optimization() {
        return Optimization.ADAM;
    }

    long[] tokens() {
        return Values.labels("tokens", STEPS * BATCH, VOCABULARY);
    }

    @Override
    public long[] labels() {
        return Values.labels("labels", STEPS * BATCH, VOCABULARY);
    }
}
