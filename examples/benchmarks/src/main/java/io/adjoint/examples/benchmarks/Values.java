package io.adjoint.examples.benchmarks;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Numbers that every system starts from: a function of a name, so that all can be asked for the same result.
 *
 * @param data in row-major order
 * @param shape the extents
 */
record Values(float[] data, int... shape) {
    private static final int SAMPLES = 16;

    /** Spread evenly over {@code [-bound, bound)}. */
    static Values uniform(String name, double bound, int... shape) {
        SplittableRandom random = new SplittableRandom(name.hashCode());
        float[] data = new float[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) random.nextDouble(-bound, bound);
        }
        return new Values(data, shape);
    }

    static Values full(float value, int... shape) {
        Values values = uniform("", 1, shape);
        Arrays.fill(values.data, value);
        return values;
    }

    /** Numbers of classes, or tokens: 0 to {@code classes} - 1. */
    static long[] labels(String name, int count, int classes) {
        return new SplittableRandom(name.hashCode()).longs(count, 0, classes).toArray();
    }

    /** Some of a result's elements, by which it is compared. */
    static double[] sample(float[] result) {
        int count = Math.min(SAMPLES, result.length);
        return IntStream.range(0, count).mapToDouble(i -> result[(int) ((long) result.length * i / count)]).toArray();
    }

    /** The shape as libtorch takes it. */
    long[] longShape() {
        return Arrays.stream(shape).asLongStream().toArray();
    }
}
