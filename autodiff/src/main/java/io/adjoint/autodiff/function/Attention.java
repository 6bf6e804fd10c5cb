package io.adjoint.autodiff.function;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;

/** Attention: each query takes a mean of values, weighted by how well their keys fit it. */
public final class Attention {
    private Attention() {}

    /** Which keys a query may see. */
    public enum Sight {
        /** All that the mask leaves. */
        ALL,
        /** Those up to its own place, counted from the first query and key. */
        CAUSAL
    }

    /**
     * How scores become weights.
     *
     * @param mask stretches to {@code [..., queries, keys]}: BOOL, true where a key takes part, or floats that are added
     * @param sight which keys a query may see
     * @param scale of the products of queries and keys; empty for {@code 1 / sqrt(width)}
     */
    public record Options(Optional<Tensor> mask, Sight sight, OptionalDouble scale) {
        /** No mask, all keys, {@code 1 / sqrt(width)}. */
        public static final Options DEFAULT = new Options(Optional.empty(), Sight.ALL, OptionalDouble.empty());

        /** Up to its own place. */
        public static final Options CAUSAL = new Options(Optional.empty(), Sight.CAUSAL, OptionalDouble.empty());

        /** With a mask. */
        public Options withMask(Tensor given) {
            return new Options(Optional.of(given), sight, scale);
        }

        /** With another scale. */
        public Options withScale(double factor) {
            return new Options(mask, sight, OptionalDouble.of(factor));
        }
    }

    /** {@link #scaledDotProduct(Tensor, Tensor, Tensor, Options)} with all keys in sight. */
    public static Tensor scaledDotProduct(Tensor query, Tensor key, Tensor value) {
        return scaledDotProduct(query, key, value, Options.DEFAULT);
    }

    /**
     * {@code softmax(q k^T * scale + mask) v}, as {@code torch.nn.functional.scaled_dot_product_attention}. A query that may
     * see no key gets NaN. With rank 4 or more, fewer heads (axis -3) of keys and values than of queries are shared:
     * each serves as many neighbouring heads of queries (grouped-query attention).
     *
     * @param query {@code [..., queries, width]}
     * @param key {@code [..., keys, width]}
     * @param value {@code [..., keys, out]}
     * @return {@code [..., queries, out]}
     * @throws ShapeException if the shapes do not fit
     */
    public static Tensor scaledDotProduct(Tensor query, Tensor key, Tensor value, Options options) {
        LossRules.requireFloat("attention", "value", value);
        if (key.rank() < 2 || value.rank() < 2 || key.dim(-2) != value.dim(-2)) {
            throw ShapeException.of("attention", "shapes do not fit").operand("query", query.shape())
                    .operand("key", key.shape()).operand("value", value.shape())
                    .expected("[..., queries, width], [..., keys, width] and [..., keys, out]");
        }
        return mixed(weights(query, key, options), value);
    }

    /**
     * {@code softmax(q k^T * scale + mask)}: the weight that each query gives each key. A query that may see no key gets NaN. Heads
     * are shared as in {@link #scaledDotProduct(Tensor, Tensor, Tensor, Options)}.
     *
     * @param query {@code [..., queries, width]}
     * @param key {@code [..., keys, width]}
     * @return {@code [..., queries, keys]}
     * @throws ShapeException if the shapes do not fit
     */
    public static Tensor weights(Tensor query, Tensor key, Options options) {
        LossRules.requireFloat("attention", "query", query);
        LossRules.requireFloat("attention", "key", key);
        if (query.rank() < 2 || key.rank() < 2 || query.dim(-1) != key.dim(-1)) {
            throw ShapeException.of("attention", "shapes do not fit").operand("query", query.shape())
                    .operand("key", key.shape()).expected("[..., queries, width] and [..., keys, width]");
        }
        requireServed(query, key);
        Tensor keys = shared(query, key);
        Shape.broadcast("attention", outer(query), outer(keys));
        double scale = options.scale.orElse(1 / Math.sqrt(query.dim(-1)));
        Tensor scores = query.mul(scale).matmul(keys.transpose());
        if (options.sight == Sight.CAUSAL) {
            Tensor places = Tensor.range(query.dim(-2)).unsqueeze(1);
            scores = places.ge(Tensor.range(key.dim(-2))).where(scores, Double.NEGATIVE_INFINITY);
        }
        if (options.mask.isPresent()) {
            Tensor mask = options.mask.get();
            LossRules.requireStretches("attention", "mask", mask, scores.shape());
            scores = mask.dtype() == DType.BOOL ? mask.where(scores, Double.NEGATIVE_INFINITY) : scores.add(mask);
        }
        return scores.softmax(-1);
    }

    /**
     * {@code weights v}: for each query the values of all keys, weighted. Heads are shared as in {@link #scaledDotProduct(Tensor,
     * Tensor, Tensor, Options)}.
     *
     * @param weights {@code [..., queries, keys]}
     * @param value {@code [..., keys, out]}
     * @return {@code [..., queries, out]}
     * @throws ShapeException if the shapes do not fit
     */
    public static Tensor mixed(Tensor weights, Tensor value) {
        LossRules.requireFloat("attention", "weights", weights);
        LossRules.requireFloat("attention", "value", value);
        if (weights.rank() < 2 || value.rank() < 2 || weights.dim(-1) != value.dim(-2)) {
            throw ShapeException.of("attention", "shapes do not fit").operand("weights", weights.shape())
                    .operand("value", value.shape()).expected("[..., queries, keys] and [..., keys, out]");
        }
        requireServed(weights, value);
        Tensor values = shared(weights, value);
        Shape.broadcast("attention", outer(weights), outer(values));
        return weights.matmul(values);
    }

    /** Refuses heads of keys or values that cannot be shared evenly. */
    private static void requireServed(Tensor query, Tensor x) {
        if (query.rank() >= 4 && query.rank() == x.rank() && x.dim(-3) > 1 && query.dim(-3) > x.dim(-3)
                && query.dim(-3) % x.dim(-3) != 0) {
            throw ShapeException.of("attention", "the heads of queries cannot share those of keys or values evenly")
                    .operand("queries", query.shape()).operand("keys or values", x.shape())
                    .expected("a number of heads (axis -3) that divides " + query.dim(-3));
        }
    }

    /** The axes before the matrices. */
    private static Shape outer(Tensor x) {
        return Shape.of(Arrays.copyOf(x.shape().dims(), x.rank() - 2));
    }

    /** Heads of keys or values, each repeated for the heads of queries that it serves. */
    private static Tensor shared(Tensor query, Tensor x) {
        if (query.rank() < 4 || query.rank() != x.rank() || x.dim(-3) == query.dim(-3) || x.dim(-3) <= 1
                || query.dim(-3) % x.dim(-3) != 0) {
            return x;
        }
        int[] dims = x.shape().dims();
        int heads = dims.length - 3;
        int[] repeated = Arrays.copyOf(dims, dims.length + 1);
        System.arraycopy(dims, heads + 1, repeated, heads + 2, 2);
        repeated[heads + 1] = query.dim(-3) / x.dim(-3);
        dims[heads] = query.dim(-3);
        return x.unsqueeze(heads + 1).expand(Shape.of(repeated)).reshape(Shape.of(dims));
    }
}
