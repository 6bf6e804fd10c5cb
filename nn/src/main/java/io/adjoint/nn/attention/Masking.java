package io.adjoint.nn.attention;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Attention.Sight;
import java.util.Objects;
import java.util.Optional;

/**
 * Which keys a query may see. Where a mask is BOOL, true means: left out, as in PyTorch's layers (and the other way round than in
 * {@link io.adjoint.autodiff.function.Attention}); where it is of floats, these are added to the scores. A query that may see no
 * key gets NaN.
 *
 * @param pairs {@code [queries, keys]}, {@code [batch * heads, queries, keys]}, or {@code [batch, heads, queries, keys]}, where
 *     batch and heads may be 1
 * @param padding {@code [batch, keys]}, for a single sequence {@code [keys]}
 * @param sight whether a query sees only the keys up to its own place
 */
public record Masking(Optional<Tensor> pairs, Optional<Tensor> padding, Sight sight) {
    /** Every query sees every key. */
    public static final Masking NONE = new Masking(Optional.empty(), Optional.empty(), Sight.ALL);

    /** A query sees the keys up to its own place. */
    public static final Masking CAUSAL = new Masking(Optional.empty(), Optional.empty(), Sight.CAUSAL);

    public Masking {
        Objects.requireNonNull(pairs, "pairs");
        Objects.requireNonNull(padding, "padding");
        Objects.requireNonNull(sight, "sight");
    }

    /** The same with a mask of pairs of queries and keys. */
    public Masking withPairs(Tensor pairs) {
        return new Masking(Optional.of(pairs), padding, sight);
    }

    /** The same with a mask of keys. */
    public Masking withPadding(Tensor padding) {
        return new Masking(pairs, Optional.of(padding), sight);
    }
}
