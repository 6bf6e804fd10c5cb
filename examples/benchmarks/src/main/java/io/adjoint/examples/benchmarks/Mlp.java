package io.adjoint.examples.benchmarks;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * Fully connected layers named by their number, with ReLU between them.
 *
 * @param widths of the input, of each layer, and last of the classes
 */
record Mlp(String name, int batch, int... widths) implements Network {
    @Override
    public SequencedMap<String, Values> parameters() {
        SequencedMap<String, Values> parameters = new LinkedHashMap<>();
        for (int layer = 0; layer < layers(); layer++) {
            Network.layer(parameters, "" + layer, widths[layer + 1], widths[layer]);
        }
        return parameters;
    }

    int layers() {
        return widths.length - 1;
    }

    Values features() {
        return Values.uniform("features", 1, batch, widths[0]);
    }

    @Override
    public long[] labels() {
        return Values.labels("labels", batch, widths[layers()]);
    }
}
