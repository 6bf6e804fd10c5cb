package io.adjoint.autodiff.function;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.MatrixExp;
import io.adjoint.autodiff.op.PseudoInverse;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Exponentials, pseudo-inverses, least squares, norms and ranks of matrices. A matrix is the last two axes of a tensor; axes
 * before them are a batch. Integers count as F32.
 */
public final class MatrixFunctions {
    private MatrixFunctions() {}

    /**
     * The exponential of square matrices, {@code sum of a^k / k!}, by scaling and squaring. NaN of a matrix with an element
     * that is not finite.
     */
    public static Tensor matrixExp(Tensor a) {
        return new MatrixExp().apply(Matrix.requireSquare("matrix_exp", a));
    }

    /**
     * The Moore-Penrose inverse, {@code [..., m, n] -> [..., n, m]}, with a tolerance of {@code max(m, n)} roundings of the
     * dtype.
     */
    public static Tensor pinv(Tensor a) {
        Tensor x = Matrix.require("pinv", a);
        return pinv(x, Math.max(x.dim(-2), x.dim(-1)) * Floats.epsilon(x));
    }

    /**
     * The Moore-Penrose inverse p: {@code a p a = a}, {@code p a p = p}, {@code a p} and {@code p a} symmetric. The gradient is
     * that among matrices of the same rank.
     *
     * @param tolerance singular values up to this part of the greatest count as zero; 0 or more
     */
    public static Tensor pinv(Tensor a, double tolerance) {
        return new PseudoInverse(tolerance).apply(Matrix.require("pinv", a));
    }

    /**
     * The shortest x that makes {@code |a x - b|} least, {@code pinv(a) b}: {@code [..., m, n]} and {@code [..., m, k]} give
     * {@code [..., n, k]}; a vector {@code [m]} gives {@code [..., n]}. Batches broadcast.
     *
     * @throws ShapeException if the numbers of rows differ
     */
    public static Tensor lstsq(Tensor a, Tensor b) {
        DType dtype = Floats.common(a, b);
        Tensor matrix = Matrix.require("lstsq", a);
        if (b.rank() == 0 || b.dim(b.rank() == 1 ? 0 : -2) != a.dim(-2)) {
            throw ShapeException.of("lstsq", "the right side does not fit").operand("matrix", a.shape())
                    .operand("right", b.shape()).expected("[..., " + a.dim(-2) + ", *] or [" + a.dim(-2) + "]");
        }
        return pinv(matrix.cast(dtype)).matmul(b.cast(dtype));
    }

    /** The Frobenius norm, {@code sqrt(sum of a[i][j]^2)}: {@code [..., m, n] -> [...]}. */
    public static Tensor matrixNorm(Tensor a) {
        return matrixNorm(a, MatrixNorm.FROBENIUS);
    }

    /** A norm of the matrices in the last two axes, {@code [..., m, n] -> [...]}. */
    public static Tensor matrixNorm(Tensor a, MatrixNorm norm) {
        Matrix.require("matrix_norm", a);
        return matrixNorm(a, norm, Axes.drop(-2, -1));
    }

    /**
     * A norm of the matrices in two axes, the outer of which counts the rows.
     *
     * @throws ShapeException if there are not exactly two axes, or the norm chooses among no elements
     */
    public static Tensor matrixNorm(Tensor a, MatrixNorm norm, Axes axes) {
        List<Integer> two = axes.of("matrix_norm", a.shape());
        if (two.size() != 2) {
            throw ShapeException.of("matrix_norm", "not the axes of a matrix").operand("axes", two)
                    .operand("input", a.shape()).expected("two axes");
        }
        int rows = two.getFirst();
        int columns = two.getLast();
        Tensor x = Floats.of(a);
        return switch (norm) {
            case FROBENIUS -> root(x.square().sum(axes));
            case MAX_COLUMN_SUM -> kept(x.abs().sum(Axes.keep(rows)).max(Axes.keep(columns)), axes, two);
            case MIN_COLUMN_SUM -> kept(x.abs().sum(Axes.keep(rows)).min(Axes.keep(columns)), axes, two);
            case MAX_ROW_SUM -> kept(x.abs().sum(Axes.keep(columns)).max(Axes.keep(rows)), axes, two);
            case MIN_ROW_SUM -> kept(x.abs().sum(Axes.keep(columns)).min(Axes.keep(rows)), axes, two);
            case NUCLEAR -> spread(singular(x, two).sum(-1), axes, two);
            case SPECTRAL -> spread(singular(x, two).max(-1), axes, two);
            case LEAST_SINGULAR -> spread(singular(x, two).min(-1), axes, two);
        };
    }

    /** The square root, with derivative 0 at 0. */
    private static Tensor root(Tensor squares) {
        Tensor zero = squares.eq(0);
        return zero.where(0, zero.where(1, squares).sqrt());
    }

    /** Reduced axes that stayed with extent 1, dropped if they are to be. */
    private static Tensor kept(Tensor reduced, Axes axes, List<Integer> two) {
        return axes.kept() ? reduced : reduced.squeeze(two.getLast()).squeeze(two.getFirst());
    }

    /** Reduced axes that are gone, put back with extent 1 if they are to be kept. */
    private static Tensor spread(Tensor reduced, Axes axes, List<Integer> two) {
        return axes.kept() ? reduced.unsqueeze(two.getFirst()).unsqueeze(two.getLast()) : reduced;
    }

    /** The singular values of matrices in these axes, along a new last axis. */
    private static Tensor singular(Tensor x, List<Integer> two) {
        int[] order = IntStream.concat(IntStream.range(0, x.rank()).filter(axis -> !two.contains(axis)),
                two.stream().mapToInt(axis -> axis)).toArray();
        return Decompositions.svdvals(x.permute(order));
    }

    /**
     * The ratio of the greatest singular value to the least, {@code [..., m, n] -> [...]}: infinite for a matrix that has not
     * full rank.
     *
     * @throws ShapeException if a matrix has no elements
     */
    public static Tensor cond(Tensor a) {
        Tensor s = Decompositions.svdvals(Matrix.require("cond", a));
        return s.max(-1).div(s.min(-1));
    }

    /** I64, the number of singular values above {@code max(m, n)} roundings of the greatest: {@code [..., m, n] -> [...]}. */
    public static Tensor matrixRank(Tensor a) {
        Tensor x = Matrix.require("matrix_rank", a);
        return matrixRank(x, Math.max(x.dim(-2), x.dim(-1)) * Floats.epsilon(x));
    }

    /**
     * I64, the number of singular values above a part of the greatest: {@code [..., m, n] -> [...]}.
     *
     * @param tolerance that part; 0 or more
     */
    public static Tensor matrixRank(Tensor a, double tolerance) {
        if (!(tolerance >= 0)) {
            throw ShapeException.of("matrix_rank", "not a tolerance").operand("tolerance", tolerance)
                    .expected("a number of 0 or more");
        }
        Tensor s = Decompositions.svdvals(Matrix.require("matrix_rank", a)).detached();
        if (s.dim(-1) == 0) {
            return s.sum(-1).cast(DType.I64);
        }
        return s.gt(s.slice(-1, 0, 1).mul(tolerance)).cast(DType.I64).sum(-1);
    }
}
