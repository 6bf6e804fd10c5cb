package io.adjoint.optim.data;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import java.util.List;

/**
 * A finite number of examples, each of which can be asked for by its number. They may lie in memory ({@link Dataset}) or be
 * made when they are asked for, such as images that are read from files ({@link ImageFolder}).
 *
 * @param <E> what parts of it are
 */
public interface Examples<E extends Examples<E>> {
    /** Number of examples, 1 or more. */
    int size();

    /**
     * The examples with these numbers, in this order, a number may come twice. Several threads may ask at once.
     *
     * @throws ShapeException if there is no example of a number
     * @throws DataException if an example cannot be read any more
     */
    Batch rows(int... rows);

    /**
     * A part: the examples with these numbers, in this order.
     *
     * @throws ShapeException if there is no example of a number
     * @throws DataException if there is no number
     */
    E subset(int... rows);

    /** Begins a refusal of all of them: their file or folder, or what else they are called. */
    default DataException.Report at() {
        return DataException.in("examples");
    }

    /** Begins a refusal of an example: its file and line, or what else it is known by. */
    default DataException.Report at(int row) {
        return DataException.in("examples").at("row", row);
    }

    /**
     * Rows that between them have every whole number that stands in features or targets, such as labels and tokens: whether a
     * model takes all of them can be tried on these few. No rows where all numbers are floats; beyond 65,536 different ones, those
     * with the least and the greatest are enough. Every example is read for that.
     *
     * @throws DataException if an example cannot be read, or has a number that is NaN or infinite
     */
    default int[] representatives() {
        return Survey.of(this);
    }

    /**
     * Two parts without a common row, drawn at random.
     *
     * @param share of the rows that is held back, above 0 and below 1; rounded to whole rows
     * @throws DataException if one part would be empty
     */
    default Split<E> split(double share, Rng rng) {
        return Parts.random(at(), size(), share, rng).of(this);
    }

    /**
     * k splits, whose parts held back share no row, are all rows together, and differ in size by one at most: for a
     * cross-validation.
     *
     * @param k 2 or more
     * @throws DataException if there are fewer rows than folds
     */
    default List<Split<E>> folds(int k, Rng rng) {
        return Parts.folds(at(), size(), k, rng).stream().map(parts -> parts.of(this)).toList();
    }

    /**
     * Batches in a new random order each epoch.
     *
     * @param size rows of a batch; the last one may have fewer
     */
    default Batches batches(int size, Rng rng) {
        return Batches.of(this, size, Order.shuffled(), rng);
    }

    /**
     * Batches in the order of the rows, as for an evaluation.
     *
     * @param size rows of a batch; the last one may have fewer
     */
    default Batches batches(int size) {
        return Batches.of(this, size, Order.sequential(), Rng.seed(0));
    }
}
