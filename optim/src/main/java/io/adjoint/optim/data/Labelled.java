package io.adjoint.optim.data;

import io.adjoint.autodiff.Rng;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Examples of classes, whose labels are known without looking at the examples.
 *
 * @param <E> what parts of it are
 */
public interface Labelled<E extends Labelled<E>> extends Examples<E> {
    /** A copy of the class of each example, from 0. */
    long[] labels();

    /** A row of each class; the examples are not read for that. */
    @Override
    default int[] representatives() {
        Numbers labels = new Numbers();
        long[] all = labels();
        return IntStream.range(0, all.length).filter(row -> labels.add(all[row])).toArray();
    }

    /**
     * As {@link #split}, with each class in both parts in its proportion: the rows of a class that are held back are its share
     * of them, up to one row.
     *
     * @param share of the rows that is held back, above 0 and below 1; rounded to whole rows
     * @throws DataException if one part would be empty
     */
    default Split<E> stratified(double share, Rng rng) {
        return Parts.stratified(at(), labels(), share, rng).of(this);
    }

    /**
     * As {@link #folds}, with as many rows of a class in each part held back, up to one row.
     *
     * @param k 2 or more
     * @throws DataException if there are fewer rows than folds
     */
    default List<Split<E>> stratifiedFolds(int k, Rng rng) {
        return Parts.stratifiedFolds(at(), labels(), k, rng).stream().map(parts -> parts.of(this)).toList();
    }
}
