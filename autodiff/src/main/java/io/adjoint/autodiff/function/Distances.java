package io.adjoint.autodiff.function;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.Arrays;

/**
 * Distances and similarities of vectors. A distance of order p is {@code (sum |d|^p)^(1/p)}: the number of differences for p
 * = 0, the greatest for infinity. Its gradient is 0 where the distance, or a difference at p up to 1, is 0.
 */
public final class Distances {
    private Distances() {}

    /** Euclidean {@link #pairwise(Tensor, Tensor, double, double)} distance, with 1e-6 added to each difference. */
    public static Tensor pairwise(Tensor left, Tensor right) {
        return pairwise(left, right, 2, 1e-6);
    }

    /**
     * The distance of each vector on the left from its partner on the right, along the last axis, as {@code
     * torch.nn.PairwiseDistance}.
     *
     * @param left {@code [..., width]}; both broadcast
     * @param p order of the norm, 0 or more
     * @param epsilon added to each difference, which keeps the gradient away from the kink at 0
     * @return the broadcast shape without the last axis
     * @throws ShapeException if the shapes do not broadcast, there is no axis, or p is negative
     */
    public static Tensor pairwise(Tensor left, Tensor right, double p, double epsilon) {
        Tensor difference = left.sub(right).add(epsilon);
        return norm("pairwise_distance", difference, p);
    }

    /**
     * The distance of two tensors, taken as long vectors, as {@code torch.dist}: the {@link Tensor#norm(double, int...)} of
     * their difference, of any order.
     *
     * @return a scalar
     * @throws ShapeException if the shapes do not broadcast, or there is no such norm
     */
    public static Tensor between(Tensor left, Tensor right, double p) {
        return left.sub(right).norm(p);
    }

    /**
     * The distance of every vector on the left from every one on the right, as {@code torch.cdist}.
     *
     * @param left {@code [..., m, width]}
     * @param right {@code [..., n, width]}; leading axes broadcast
     * @param p order of the norm, 0 or more
     * @return {@code [..., m, n]}
     * @throws ShapeException if the shapes do not fit or p is negative
     */
    public static Tensor all(Tensor left, Tensor right, double p) {
        if (left.rank() < 2 || right.rank() < 2 || left.dim(-1) != right.dim(-1)) {
            throw ShapeException.of("all_distances", "vectors do not fit").operand("left", left.shape())
                    .operand("right", right.shape()).expected("[..., m, width] and [..., n, width]");
        }
        return norm("all_distances", left.unsqueeze(-2).sub(right.unsqueeze(-3)), p);
    }

    /**
     * The distances between all pairs of rows, each once, as {@code torch.pdist}: those of row 0 from the later ones, then of
     * row 1, and so on.
     *
     * @param rows {@code [n, width]}
     * @return {@code [n (n - 1) / 2]}
     * @throws ShapeException if the rank is not 2, there are more than 46,341 rows, or p is negative
     */
    public static Tensor ofPairs(Tensor rows, double p) {
        if (rows.rank() != 2 || rows.dim(0) > 46_341) {
            throw ShapeException.of("distances_of_pairs", "no list of vectors").operand("rows", rows.shape())
                    .expected("[n, width] with n up to 46341");
        }
        int n = rows.dim(0);
        long[] first = new long[(int) ((long) n * (n - 1) / 2)];
        long[] second = new long[first.length];
        int pair = 0;
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                first[pair] = i;
                second[pair++] = j;
            }
        }
        Tensor left = rows.indexSelect(0, Tensor.of(first));
        return norm("distances_of_pairs", left.sub(rows.indexSelect(0, Tensor.of(second))), p);
    }

    /** {@link #cosine(Tensor, Tensor, int, double)} along axis 1 with epsilon 1e-8. */
    public static Tensor cosine(Tensor left, Tensor right) {
        return cosine(left, right, 1, 1e-8);
    }

    /**
     * The cosine of the angle between vectors along an axis, {@code sum of (x / |x|) (y / |y|)}, as {@code
     * torch.nn.CosineSimilarity}. A norm below epsilon counts as epsilon. A scalar passes for a vector of one element.
     *
     * @param axis of the broadcast shape
     * @return the broadcast shape without the axis
     * @throws ShapeException if the shapes do not broadcast, or the axis is out of range
     */
    public static Tensor cosine(Tensor left, Tensor right, int axis, double epsilon) {
        DType dtype = DType.promote(DType.promote(left.dtype(), right.dtype()), DType.F32);
        Shape both = Shape.broadcast("cosine", left.shape(), right.shape());
        Shape shape = both.rank() == 0 ? Shape.of(1) : both;
        int at = shape.axis("cosine", axis);
        Tensor x = left.cast(dtype).expand(shape);
        Tensor y = right.cast(dtype).expand(shape);
        return unit(x, at, epsilon).mul(unit(y, at, epsilon)).sum(at);
    }

    /** The vectors along an axis with norm 1; a norm below epsilon counts as epsilon. */
    static Tensor unit(Tensor x, int axis, double epsilon) {
        Tensor square = x.square().sum(Axes.keep(axis));
        return x.div(LossRules.raised(square, epsilon * epsilon).sqrt());
    }

    /** The norm along the last axis. */
    private static Tensor norm(String name, Tensor x, double p) {
        if (!(p >= 0)) {
            throw ShapeException.of(name, "no such norm").operand("p", p).expected("0 or more");
        }
        if (x.rank() == 0) {
            throw ShapeException.of(name, "no vectors").operand("shape", Arrays.toString(x.shape().dims()))
                    .expected("[..., width]");
        }
        return x.dim(-1) == 0 ? x.norm(1, -1) : x.norm(p, -1); // the greatest of no differences is 0, too
    }
}
