package io.adjoint.optim.data;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import java.util.Arrays;

/**
 * Draws with replacement.
 *
 * @param sums of the weights up to each example, itself included
 */
record WeightedOrder(double[] sums, int count) implements Order {
    static WeightedOrder of(double[] weights, int count) {
        if (count < 1) {
            throw ShapeException.of("weighted", "no draws").operand("count", count).expected("1 or more");
        }
        return new WeightedOrder(sums(weights), count);
    }

    private static double[] sums(double[] weights) {
        double[] sums = weights.clone();
        for (int i = 0; i < weights.length; i++) {
            if (!(weights[i] >= 0 && weights[i] < Double.POSITIVE_INFINITY)) {
                throw ShapeException.of("weighted", "not a weight").operand("weight", weights[i])
                        .operand("of example", i).expected("a finite number, 0 or more");
            }
            sums[i] += i == 0 ? 0 : sums[i - 1];
        }
        if (sums.length == 0 || !(sums[sums.length - 1] > 0 && sums[sums.length - 1] < Double.POSITIVE_INFINITY)) {
            throw ShapeException.of("weighted", "nothing to draw").operand("weights", sums.length)
                    .expected("a weight above 0, and a finite sum");
        }
        return sums;
    }

    @Override
    public int count(int size) {
        return count;
    }

    @Override
    public int[] rows(int size, Rng key, long epoch) {
        if (size != sums.length) {
            throw ShapeException.of("weighted", "the weights do not fit the examples").operand("weights", sums.length)
                    .operand("examples", size).expected("a weight for each example");
        }
        double[] draws = key.stream(epoch).uniform(Shape.of(count), DType.F64).toDoubles();
        double most = Math.nextDown(sums[size - 1]); // where the product is rounded to the sum
        return Arrays.stream(draws).mapToInt(draw -> firstAbove(Math.min(draw * sums[size - 1], most))).toArray();
    }

    /** The first example whose sum is above the draw, so one of weight 0 never is. */
    private int firstAbove(double draw) {
        int low = 0;
        int high = sums.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sums[middle] > draw) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
