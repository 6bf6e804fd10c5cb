package io.adjoint.examples.benchmarks;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * Images {@code [16, 3, 32, 32]}; a 3 x 3 convolution to 32 channels with ReLU; two blocks {@code relu(x + norm(conv(relu(
 * norm(conv(x))))))} of 3 x 3 convolutions and batch normalisations in training, which keep running statistics; the mean over
 * the places; a layer 32-10 (after He, Zhang, Ren, Sun 2016).
 */
record ResNet() implements Network {
    static final int BLOCKS = 2;
    static final int CHANNELS = 32;
    static final int PADDING = 1;
    static final double EPSILON = 1e-5;
    static final double MOMENTUM = 0.1;
    private static final int BATCH = 16;

    @Override
    public String name() {
        return "resnet";
    }

    @Override
    public SequencedMap<String, Values> parameters() {
        SequencedMap<String, Values> parameters = new LinkedHashMap<>();
        Network.layer(parameters, "stem", CHANNELS, 3, 3, 3);
        for (int block = 0; block < BLOCKS; block++) {
            for (String half : new String[] {".a", ".b"}) {
                Network.weight(parameters, block + half, CHANNELS, CHANNELS, 3, 3);
                Network.affine(parameters, block + half, CHANNELS);
            }
        }
        Network.layer(parameters, "head", 10, CHANNELS);
        return parameters;
    }

    Values images() {
        return Values.uniform("images", 1, BATCH, 3, 32, 32);
    }

    @Override
    public long[] labels() {
        return Values.labels("labels", BATCH, 10);
    }
}
