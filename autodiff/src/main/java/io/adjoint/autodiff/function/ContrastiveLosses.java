package io.adjoint.autodiff.function;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/**
 * Losses of representations that tell partners from all others: cross-entropies of finding the partner, where the logit of two
 * vectors is the cosine of their angle divided by a temperature. A norm below 1e-8 counts as 1e-8.
 */
public final class ContrastiveLosses {
    private static final double LEAST_NORM = 1e-8;

    /** Stands for the logarithm of 0: far below every logit, and finite, so that no gradient is NaN. */
    private static final double IMPOSSIBLE = -1e30;

    private ContrastiveLosses() {}

    /** The mean of {@link #ntXent(Tensor, Tensor, double, Reduction)} with temperature 0.5. */
    public static Tensor ntXent(Tensor first, Tensor second) {
        return ntXent(first, second, 0.5, Reduction.MEAN);
    }

    /**
     * The normalised, temperature-scaled cross-entropy of SimCLR (Chen, Kornblith, Norouzi, Hinton 2020): of the 2 n vectors
     * each looks for its partner among all others, on both sides.
     *
     * @param first {@code [n, width]}
     * @param second of the same shape: row i is another view of row i of the first
     * @param temperature above 0
     * @return {@code [2 n]}, those of the first and then those of the second, or a scalar, by the reduction
     * @throws ShapeException if the shapes differ or are not matrices, or the temperature is not above 0
     */
    public static Tensor ntXent(Tensor first, Tensor second, double temperature, Reduction reduction) {
        String name = "nt_xent";
        requirePairs(name, "first", first, "second", second);
        requireTemperature(name, temperature);
        int n = first.dim(0);
        Tensor all = Distances.unit(Tensor.concat(0, first, second), 1, LEAST_NORM);
        Tensor number = Tensor.range(2 * n);
        Tensor isSelf = number.unsqueeze(1).eq(number);
        Tensor logits = isSelf.where(IMPOSSIBLE, all.matmul(all.transpose()).div(temperature));
        return Losses.crossEntropy(logits, number.roll(n), reduction);
    }

    /** The mean of {@link #infoNce(Tensor, Tensor, double, Reduction)} with temperature 0.1. */
    public static Tensor infoNce(Tensor queries, Tensor keys) {
        return infoNce(queries, keys, 0.1, Reduction.MEAN);
    }

    /**
     * InfoNCE (van den Oord, Li, Vinyals 2018): each query looks for its key among the keys of all. For both directions, as
     * CLIP has it, take the mean with queries and keys exchanged.
     *
     * @param queries {@code [n, width]}
     * @param keys of the same shape: row i is the key of query i
     * @param temperature above 0
     * @return {@code [n]}, or a scalar, by the reduction
     * @throws ShapeException if the shapes differ or are not matrices, or the temperature is not above 0
     */
    public static Tensor infoNce(Tensor queries, Tensor keys, double temperature, Reduction reduction) {
        String name = "info_nce";
        requirePairs(name, "queries", queries, "keys", keys);
        requireTemperature(name, temperature);
        Tensor logits = unit(queries).matmul(unit(keys).transpose()).div(temperature);
        return Losses.crossEntropy(logits, Tensor.range(queries.dim(0)), reduction);
    }

    /**
     * InfoNCE against given negatives, as in MoCo (He, Fan, Wu, Xie, Girshick 2020): each query looks for its key among that
     * and all negatives.
     *
     * @param queries {@code [n, width]}
     * @param keys of the same shape: row i is the key of query i
     * @param negatives {@code [m, width]}
     * @param temperature above 0
     * @return {@code [n]}, or a scalar, by the reduction
     * @throws ShapeException if the shapes do not fit, or the temperature is not above 0
     */
    public static Tensor infoNce(Tensor queries, Tensor keys, Tensor negatives, double temperature,
            Reduction reduction) {
        String name = "info_nce";
        requirePairs(name, "queries", queries, "keys", keys);
        requireTemperature(name, temperature);
        LossRules.requireFloat(name, "negatives", negatives);
        if (negatives.rank() != 2 || negatives.dim(1) != queries.dim(1)) {
            throw ShapeException.of(name, "negatives do not fit").operand("negatives", negatives.shape())
                    .operand("queries", queries.shape()).expected("negatives [m, " + queries.dim(1) + "]");
        }
        Tensor query = unit(queries);
        Tensor own = query.mul(unit(keys)).sum(1).unsqueeze(1);
        Tensor logits = Tensor.concat(1, own, query.matmul(unit(negatives).transpose())).div(temperature);
        Tensor first = Tensor.zeros(Shape.of(queries.dim(0)), DType.I64);
        return Losses.crossEntropy(logits, first, reduction);
    }

    private static Tensor unit(Tensor rows) {
        return Distances.unit(rows, 1, LEAST_NORM);
    }

    private static void requirePairs(String name, String left, Tensor first, String right, Tensor second) {
        LossRules.requireFloat(name, left, first);
        LossRules.requireFloat(name, right, second);
        if (first.rank() != 2 || !first.shape().equals(second.shape())) {
            throw ShapeException.of(name, "no pairs of vectors").operand(left, first.shape())
                    .operand(right, second.shape()).expected("[n, width] twice");
        }
    }

    private static void requireTemperature(String name, double temperature) {
        if (!(temperature > 0)) {
            throw ShapeException.of(name, "not a temperature").operand("temperature", temperature)
                    .expected("a number above 0");
        }
    }
}
