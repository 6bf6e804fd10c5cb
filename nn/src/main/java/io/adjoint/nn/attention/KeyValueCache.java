package io.adjoint.nn.attention;

import io.adjoint.autodiff.Tensor;

/**
 * The keys and values of the places so far, for decoding step by step.
 *
 * @param keys {@code [batch, heads of keys, places, width]}
 * @param values {@code [batch, heads of keys, places, width]}
 */
public record KeyValueCache(Tensor keys, Tensor values) {
    /** How many places there are. */
    public int places() {
        return keys.dim(2);
    }

    KeyValueCache with(Tensor newKeys, Tensor newValues) {
        return new KeyValueCache(Tensor.concat(2, keys, newKeys), Tensor.concat(2, values, newValues));
    }
}
