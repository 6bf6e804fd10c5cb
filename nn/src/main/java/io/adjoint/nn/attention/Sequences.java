package io.adjoint.nn.attention;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.SequenceLayout;

/**
 * Queries, keys and values as {@code [batch, places, width]}; the same tensor if they were.
 *
 * @param isSingle whether a single sequence came in
 */
record Sequences(Tensor query, Tensor key, Tensor value, boolean isSingle) {
    static Sequences of(SequenceLayout layout, HeadWeights weights, Tensor query, Tensor key, Tensor value) {
        boolean single = query.rank() == 2;
        if (!query.dtype().isFloat() || query.rank() < 2 || query.rank() > 3 || query.dim(-1) != weights.width()) {
            throw ShapeException.of("attention", "the input does not fit the weights").operand("query", query.spec())
                    .expected("floats " + layout.describe("queries", "batch", weights.width()) + " or [queries, "
                            + weights.width() + "]");
        }
        Tensor q = batchFirst(layout, query);
        Tensor k = key == query ? q : batchFirst(layout, key);
        Tensor v = value == query ? q : value == key ? k : batchFirst(layout, value);
        boolean fit = key.rank() == query.rank() && value.rank() == query.rank() && k.dim(2) == weights.keyWidth()
                && v.dim(2) == weights.valueWidth() && k.dim(0) == q.dim(0) && v.dim(0) == q.dim(0)
                && k.dim(1) == v.dim(1);
        if (!fit) {
            String batch = Integer.toString(q.dim(0));
            throw ShapeException.of("attention", "keys and values do not fit").operand("query", query.shape())
                    .operand("key", key.shape()).operand("value", value.shape())
                    .expected(single ? "[keys, " + weights.keyWidth() + "] and [keys, " + weights.valueWidth() + "]"
                            : layout.describe("keys", batch, weights.keyWidth()) + " and "
                                    + layout.describe("keys", batch, weights.valueWidth()));
        }
        return new Sequences(q, k, v, single);
    }

    private static Tensor batchFirst(SequenceLayout layout, Tensor x) {
        return switch (x.rank()) {
            case 2 -> x.unsqueeze(0);
            case 3 -> layout.batchFirst(x);
            default -> throw ShapeException.of("attention", "not sequences").operand("input", x.shape())
                    .expected(layout.describe("places", "batch", "width") + " or [places, width]");
        };
    }
}
