package io.adjoint.examples.benchmarks;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * Predicts the next of 65 characters: tokens {@code [16, 64]}, embeddings of token and place of width 128, four blocks {@code x +=
 * attention(norm(x)); x += contract(gelu(expand(norm(x))))} with four causal heads and a hidden width of 512, a last
 * normalisation, and a layer 128-65 without bias (after Radford et al. 2019).
 */
record Gpt() implements Network {
    static final int BATCH = 16;
    static final int TOKENS = 64;
    static final int WIDTH = 128;
    static final int LAYERS = 4;
    static final int HEADS = 4;
    static final double EPSILON = 1e-5;
    private static final int VOCABULARY = 65;

    @Override
    public String name() {
        return "gpt";
    }

    @Override
    public SequencedMap<String, Values> parameters() {
        SequencedMap<String, Values> parameters = new LinkedHashMap<>();
        parameters.put("token", Values.uniform("token", 1, VOCABULARY, WIDTH));
        parameters.put("place", Values.uniform("place", 1, TOKENS, WIDTH));
        for (int layer = 0; layer < LAYERS; layer++) {
            Network.affine(parameters, layer + ".before", WIDTH);
            Network.layer(parameters, layer + ".attend", 3 * WIDTH, WIDTH);
            Network.layer(parameters, layer + ".project", WIDTH, WIDTH);
            Network.affine(parameters, layer + ".between", WIDTH);
            Network.layer(parameters, layer + ".expand", 4 * WIDTH, WIDTH);
            Network.layer(parameters, layer + ".contract", WIDTH, 4 * WIDTH);
        }
        Network.affine(parameters, "last", WIDTH);
        Network.weight(parameters, "head", VOCABULARY, WIDTH);
        return parameters;
    }

    @Override
    public Optimization optimization() {
        return Optimization.ADAMW;
    }

    long[] tokens() {
        return Values.labels("tokens", BATCH * TOKENS, VOCABULARY);
    }

    @Override
    public long[] labels() {
        return Values.labels("labels", BATCH * TOKENS, VOCABULARY);
    }
}
