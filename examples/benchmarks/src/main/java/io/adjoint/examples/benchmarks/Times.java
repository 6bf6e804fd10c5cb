package io.adjoint.examples.benchmarks;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/** Times of runs in milliseconds. */
final class Times {
    /** Standard deviations on both sides of the mean that hold 95 % of a normal distribution. */
    private static final double Z_95 = 1.96;

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

    double sum() {
        return Arrays.stream(millis).sum();
    }

    /** The middle one; of two, the mean. */
    double median() {
        double[] sorted = millis.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /**
     * Between which two the {@link #median} of endless runs is, with a confidence of 95 %: the number of runs below it is
     * binomial, so these are 0.98 sqrt(n) places from the middle. Of eight or fewer it is from the least to the greatest one, of
     * fewer than six with less confidence.
     */
    double[] medianInterval() {
        double[] sorted = millis.clone();
        Arrays.sort(sorted);
        double middle = (sorted.length - 1) / 2.0;
        double places = Z_95 / 2 * Math.sqrt(sorted.length);
        return new double[] {sorted[(int) Math.max(0, Math.floor(middle - places))],
                sorted[(int) Math.min(sorted.length - 1, Math.ceil(middle + places))]};
    }
}
