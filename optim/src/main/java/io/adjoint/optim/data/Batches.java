package io.adjoint.optim.data;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * Data cut into batches. Which examples a batch has, and how they are augmented, is a function of the random key, the number of
 * the epoch and of the batch in it, so a training that goes on in the middle of an epoch meets the batches that it would have
 * met, whichever thread makes them.
 *
 * @param data where the examples come from
 * @param size examples of a batch, 1 or more
 * @param order which examples an epoch has
 * @param key of the order and of the augmentation
 * @param remainder what becomes of an incomplete last batch
 * @param augmentation what is done to the features of each example
 */
public record Batches(Examples<?> data, int size, Order order, Rng key, Remainder remainder,
        Augmentation augmentation) {
    /**
     * Batches of any kind.
     *
     * @throws ShapeException if the size is below 1
     * @throws DataException if incomplete batches are dropped and there is no other
     */
    public Batches {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(augmentation, "augmentation");
        requireSize(size);
        if (remainder == Remainder.DROP && order.count(data.size()) < size) {
            throw data.at().found(order.count(data.size()) + " examples in an epoch",
                    size + " or more, for one whole batch");
        }
    }

    static void requireSize(int size) {
        if (size < 1) {
            throw ShapeException.of("batches", "an empty batch").operand("size", size).expected("1 or more");
        }
    }

    /** Batches without augmentation; the last one of an epoch has what is left. */
    public static Batches of(Examples<?> data, int size, Order order, Rng key) {
        return new Batches(data, size, order, key, Remainder.KEEP, Augmentation.NONE);
    }

    /** The same in another order. */
    public Batches withOrder(Order order) {
        return new Batches(data, size, order, key, remainder, augmentation);
    }

    /** The same with another treatment of an incomplete last batch. */
    public Batches withRemainder(Remainder remainder) {
        return new Batches(data, size, order, key, remainder, augmentation);
    }

    /** The same with the features of each example changed so. */
    public Batches withAugmentation(Augmentation augmentation) {
        return new Batches(data, size, order, key, remainder, augmentation);
    }

    /** Number of batches in an epoch. */
    public int count() {
        int examples = order.count(data.size());
        return switch (remainder) {
            case KEEP -> Math.ceilDiv(examples, size);
            case DROP -> examples / size;
        };
    }

    /**
     * The batches of an epoch, each made when it is asked for.
     *
     * @param epoch its number, 0 for the first
     */
    public List<Batch> epoch(long epoch) {
        return epoch(key, epoch);
    }

    /** The first batch of the first epoch. */
    public Position start() {
        return new Position(key, 0, 0);
    }

    /**
     * What is left of the epoch of a position, each batch made when it is asked for. The position's key counts, not the one of
     * these batches.
     *
     * @throws ShapeException if an epoch has fewer batches
     */
    public List<Batch> rest(Position position) {
        requireWithin(position);
        return epoch(position.key(), position.epoch()).subList(position.batch(), count());
    }

    /**
     * The position one batch further, in the next epoch after the last one.
     *
     * @throws ShapeException if an epoch has fewer batches
     */
    public Position after(Position position) {
        requireWithin(position);
        int next = position.batch() + 1;
        return next < count() ? new Position(position.key(), position.epoch(), next)
                : new Position(position.key(), position.epoch() + 1, 0);
    }

    /** Walks through these batches, epoch after epoch, from the first. */
    public Cursor cursor() {
        return new Cursor(this);
    }

    private void requireWithin(Position position) {
        if (position.batch() >= count()) {
            throw ShapeException.of("batches", "the position is of other batches").operand("position", position)
                    .operand("batches of an epoch", count()).expected("a batch from 0 to " + (count() - 1));
        }
    }

    private List<Batch> epoch(Rng key, long epoch) {
        return new Epoch(order.rows(data.size(), key, epoch), key.stream(epoch));
    }

    private final class Epoch extends AbstractList<Batch> implements RandomAccess {
        private final int[] rows;
        private final Rng key;

        private Epoch(int[] rows, Rng key) {
            int expected = order.count(data.size());
            if (rows.length != expected) {
                throw ShapeException.of("batches", "the order has another number of rows than it says")
                        .operand("rows", rows.length).expected("its count, " + expected);
            }
            this.rows = rows;
            this.key = key;
        }

        @Override
        public Batch get(int index) {
            int start = Objects.checkIndex(index, count()) * size;
            int[] part = Arrays.copyOfRange(rows, start, Math.min(start + size, rows.length));
            Batch batch = data.rows(part);
            return augmentation == Augmentation.NONE ? batch : new Batch(augmented(batch.features(), part),
                    batch.targets());
        }

        private Tensor augmented(Tensor features, int[] part) {
            Tensor[] examples = new Tensor[part.length];
            Arrays.setAll(examples, i -> augmentation.apply(key.stream(part[i]), features.select(0, i)));
            return Tensor.stack(0, examples);
        }

        @Override
        public int size() {
            return count();
        }
    }
}
