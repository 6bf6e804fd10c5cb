package io.adjoint.examples.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/** A convolution of images {@code [16, 32, 32, 32]} with 32 filters of 3 x 3 and padding 1, or one of its two gradients. */
record Convolution(Part part) implements Workload {
    static final int PADDING = 1;
    private static final int BATCH = 16;
    private static final int CHANNELS = 32;
    private static final int EXTENT = 32;
    private static final int WINDOW = 3;

    /** Which of the three passes. */
    enum Part {
        /** The output. */
        FORWARD("forward"),
        /** The gradient by the images. */
        BY_INPUT("input-gradient"),
        /** The gradient by the filters. */
        BY_WEIGHT("weight-gradient");

        private final String label;

        Part(String label) {
            this.label = label;
        }
    }

    static List<Convolution> all() {
        return Arrays.stream(Part.values()).map(Convolution::new).toList();
    }

    @Override
    public String name() {
        return "conv-" + BATCH + "x" + CHANNELS + "x" + EXTENT + "x" + EXTENT + "-k" + WINDOW + "-" + part.label;
    }

    @Override
    public OptionalLong flops() {
        return OptionalLong.of(2L * BATCH * CHANNELS * CHANNELS * EXTENT * EXTENT * WINDOW * WINDOW);
    }

    Values images() {
        return Values.uniform("images", 1, BATCH, CHANNELS, EXTENT, EXTENT);
    }

    Values filters() {
        return Values.uniform("filters", 1, CHANNELS, CHANNELS, WINDOW, WINDOW);
    }

    /** The gradient by the output, which has the shape of the images. */
    Values cotangent() {
        return Values.uniform("cotangent", 1, BATCH, CHANNELS, EXTENT, EXTENT);
    }
}
