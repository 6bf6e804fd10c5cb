package io.adjoint.examples.benchmarks;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * Images {@code [64, 1, 28, 28]}; convolution to 6 channels with 5 x 5 windows and padding 2, ReLU, maxima of 2 x 2, convolution
 * to 16 channels with 5 x 5 windows, ReLU, maxima of 2 x 2, and layers 400-120-84-10 with ReLU between them (after LeCun et
 * al. 1998).
 */
record LeNet5() implements Network {
    static final int PADDING = 2;
    static final int POOL = 2;
    private static final int BATCH = 64;

    @Override
    public String name() {
        return "lenet5";
    }

    @Override
    public SequencedMap<String, Values> parameters() {
        SequencedMap<String, Values> parameters = new LinkedHashMap<>();
        Network.layer(parameters, "near", 6, 1, 5, 5);
        Network.layer(parameters, "far", 16, 6, 5, 5);
        Network.layer(parameters, "first", 120, 400);
        Network.layer(parameters, "second", 84, 120);
        Network.layer(parameters, "third", 10, 84);
        return parameters;
    }

    Values images() {
        return Values.uniform("images", 1, BATCH, 1, 28, 28);
    }

    @Override
    public long[] labels() {
        return Values.labels("labels", BATCH, 10);
    }
}
