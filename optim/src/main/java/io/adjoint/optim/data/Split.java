package io.adjoint.optim.data;

/**
 * Data in two parts that share no row.
 *
 * @param <E> what the parts are
 * @param training to learn from
 * @param heldBack to judge the result by
 */
public record Split<E>(E training, E heldBack) {}
