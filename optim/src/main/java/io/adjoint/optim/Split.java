package io.adjoint.optim;

/**
 * A dataset in two parts that share no row.
 *
 * @param training to learn from
 * @param heldBack to judge the result by
 */
public record Split(Dataset training, Dataset heldBack) {}
