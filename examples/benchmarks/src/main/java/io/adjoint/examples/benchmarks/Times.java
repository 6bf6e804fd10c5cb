package io.adjoint.examples.benchmarks;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/** Times of runs in milliseconds. */
final class Times {
    private double[] millis = {};

    void add(double... more) {
        millis = DoubleStream.concat(Arrays.stream(millis), Arrays.stream(more)).toArray();
    }

    double[] toArray() {
        return millis.clone();
    }

    int runs() {
        return millis.length;
    }

    double min() {
        return Arrays.stream(millis).min().orElseThrow();
    }

    /** The middle one; of two, the mean. */
    double median() {
        double[] sorted = millis.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
