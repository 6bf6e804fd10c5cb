package io.adjoint.optim.data;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Which examples an epoch has, in which order: a function of a random key and the number of the epoch alone, so that a training
 * that was stopped goes on with the examples it would have met.
 */
@FunctionalInterface
public interface Order {
    /**
     * The numbers of the examples of an epoch.
     *
     * @param size number of examples there are
     * @param epoch 0 for the first
     * @return {@link #count} numbers from 0 to {@code size}, exclusive
     */
    int[] rows(int size, Rng key, long epoch);

    /** How many examples an epoch has: all by default. */
    default int count(int size) {
        return size;
    }

    /** Every example once, as they lie. */
    static Order sequential() {
        return (size, _, _) -> IntStream.range(0, size).toArray();
    }

    /** Every example once, each order equally likely, a new one each epoch. */
    static Order shuffled() {
        return (size, key, epoch) -> key.stream(epoch).permutation(size);
    }

    /**
     * Independent draws, in proportion to weights; an example may come several times or not at all, as with {@code
     * torch.utils.data.WeightedRandomSampler}.
     *
     * @param weights one for each example, 0 or more, not all 0
     * @param count draws of an epoch
     * @throws ShapeException if a weight is negative or not finite, all are 0, or the count is below 1
     */
    static Order weighted(double[] weights, int count) {
        return WeightedOrder.of(weights, count);
    }

    /**
     * Independent draws in which every class is equally likely, as many as there are examples: for classes of very different
     * sizes.
     *
     * @param labels the class of each example
     */
    static Order balanced(long[] labels) {
        Map<Long, Integer> sizes = new HashMap<>();
        for (long label : labels) {
            sizes.merge(label, 1, Integer::sum);
        }
        return weighted(Arrays.stream(labels).mapToDouble(label -> 1.0 / sizes.get(label)).toArray(), labels.length);
    }
}
