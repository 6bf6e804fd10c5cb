package io.adjoint.optim;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.RandomAccess;
import java.util.stream.IntStream;

/**
 * A dataset cut into batches. Every row comes once in an epoch. The order is a function of the random key and the number of
 * the epoch, so a training that goes on in the middle of an epoch meets the batches that it would have met.
 *
 * @param data where the rows come from
 * @param size rows of a batch, 1 or more; the last one of an epoch has what is left
 * @param shuffle the random key; empty for the order of the rows
 */
public record Batches(Dataset data, int size, Optional<Rng> shuffle) {
    public Batches {
        if (size < 1) {
            throw ShapeException.of("batches", "an empty batch").operand("size", size).expected("1 or more");
        }
    }

    /** Number of batches in an epoch. */
    public int count() {
        return Math.ceilDiv(data.size(), size);
    }

    /**
     * The batches of an epoch, each made when it is asked for; {@code epoch(3).subList(17, count())} goes on after 17.
     *
     * @param epoch its number, 0 for the first
     */
    public List<Batch> epoch(long epoch) {
        return new Epoch(shuffle.map(rng -> rng.stream(epoch).permutation(data.size()))
                .orElseGet(() -> IntStream.range(0, data.size()).toArray()));
    }

    private final class Epoch extends AbstractList<Batch> implements RandomAccess {
        private final int[] order;

        private Epoch(int[] order) {
            this.order = order;
        }

        @Override
        public Batch get(int index) {
            int start = Objects.checkIndex(index, count()) * size;
            return data.rows(Arrays.copyOfRange(order, start, Math.min(start + size, order.length)));
        }

        @Override
        public int size() {
            return count();
        }
    }
}
