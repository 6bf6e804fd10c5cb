package io.adjoint.autodiff.function;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.Det;
import io.adjoint.autodiff.op.LogDet;
import io.adjoint.autodiff.op.Solve;
import java.util.Arrays;

/**
 * Equations, inverses, determinants and powers of matrices. A matrix is the last two axes of a tensor; axes before them are a
 * batch. Integers count as F32. Matrices with no rows are fine. All is computed in double precision, and F32 rounded at the
 * end.
 */
public final class Linalg {
    private Linalg() {}

    /** The sign of a determinant and the logarithm of its magnitude: {@code det = sign e^logAbs}. */
    public record SignAndLog(Tensor sign, Tensor logAbs) {}

    /**
     * The x with {@code a x = b}, by LU decomposition with partial pivoting. Derivatives: {@code a^-T g} by b, and {@code
     * -(a^-T g) x^T} by a.
     *
     * @param a square matrices {@code [..., n, n]}
     * @param b matrices {@code [..., n, k]}, whose batch broadcasts, or vectors: {@code [n]}, or the batch of a and {@code [n]}
     * @throws ShapeException if shapes do not fit, or a matrix is singular; the message says which of a batch
     */
    public static Tensor solve(Tensor a, Tensor b) {
        DType dtype = Floats.common(a, b);
        Tensor matrix = Matrix.requireSquare("solve", a).cast(dtype);
        Shape vectors = Shape.of(Arrays.copyOf(a.shape().dims(), a.rank() - 1));
        if (b.rank() == 1 || b.rank() > 0 && b.shape().equals(vectors)) {
            return solve(matrix, b.unsqueeze(-1)).squeeze(-1);
        }
        return new Solve(false, Solve.Singular.REFUSED).apply(matrix, b.cast(dtype));
    }

    /**
     * The inverse {@code a^-1} of square matrices. Derivative: {@code -a^-T g a^-T}.
     *
     * @throws ShapeException if a matrix is not square or singular; the message says which of a batch
     */
    public static Tensor inv(Tensor a) {
        Tensor matrix = Matrix.requireSquare("inv", a);
        return new Solve(false, Solve.Singular.REFUSED).apply(matrix, Matrix.identity(matrix));
    }

    /**
     * The determinant of square matrices, {@code [..., n, n] -> [...]}; 1 if n is 0. The derivative is the matrix of signed
     * minors, {@code det a^-T}, which is finite for singular matrices too; the second derivative there is not.
     */
    public static Tensor det(Tensor a) {
        return new Det().apply(Matrix.requireSquare("det", a));
    }

    /**
     * The sign of the determinant and {@code ln |det|} of square matrices, {@code [..., n, n] -> [...]} each, where the
     * determinant itself would overflow; 0 and -infinity of a singular matrix. Derivative of the logarithm: {@code a^-T}; of
     * the sign: 0.
     */
    public static SignAndLog slogdet(Tensor a) {
        Tensor both = new LogDet().apply(Matrix.requireSquare("slogdet", a));
        return new SignAndLog(both.select(-1, 0).detached(), both.select(-1, 1));
    }

    /** The logarithm of the determinant, {@code ln det a}: NaN where that is negative. Derivative: {@code a^-T}. */
    public static Tensor logdet(Tensor a) {
        SignAndLog parts = slogdet(a);
        Tensor none = Tensor.scalar(Double.NaN, parts.logAbs().dtype());
        return parts.sign().lt(0).where(none, parts.logAbs());
    }

    /**
     * The matrix times itself, {@code a^n}, by repeated squaring: the identity for n = 0, and the power of the inverse below.
     *
     * @throws ShapeException if a matrix is not square, or singular for a negative n
     */
    public static Tensor matrixPower(Tensor a, int n) {
        Tensor square = n < 0 ? inv(a) : Matrix.requireSquare("matrix_power", a);
        if (n == 0) {
            return Matrix.identity(square).expand(a.shape());
        }
        Tensor power = square;
        for (long left = Math.abs((long) n), bit = Long.highestOneBit(left) >> 1; bit > 0; bit >>= 1) {
            power = power.matmul(power);
            power = (left & bit) == 0 ? power : power.matmul(square);
        }
        return power;
    }

    /**
     * The product of matrices one after the other, {@code a b c ...}, in the order that takes the fewest multiplications. The
     * first may be a vector, which counts as a row, and the last, which counts as a column.
     *
     * @throws ShapeException if there are fewer than two, or they do not fit
     */
    public static Tensor multiDot(Tensor... matrices) {
        int count = matrices.length;
        if (count < 2) {
            throw ShapeException.of("multi_dot", "nothing to multiply").operand("matrices", count)
                    .expected("two or more");
        }
        long[] extents = new long[count + 1];
        for (int i = 0; i < count; i++) {
            boolean end = i == 0 || i == count - 1;
            if (matrices[i].rank() != 2 && !(end && matrices[i].rank() == 1)) {
                throw ShapeException.of("multi_dot", "not a matrix").operand("number", i)
                        .operand("shape", matrices[i].shape()).expected("rank 2, or 1 at either end");
            }
            boolean row = i == 0 && matrices[i].rank() == 1;
            extents[i] = row ? 1 : matrices[i].dim(0);
            extents[i + 1] = matrices[i].rank() == 1 && !row ? 1 : matrices[i].dim(-1);
        }
        return product(matrices, 0, count - 1, splits(extents));
    }

    /** After which factor the product of factors i to j is best divided. */
    private static int[][] splits(long[] extents) {
        int count = extents.length - 1;
        double[][] cost = new double[count][count];
        int[][] split = new int[count][count];
        for (int length = 1; length < count; length++) {
            for (int i = 0; i + length < count; i++) {
                int j = i + length;
                cost[i][j] = Double.POSITIVE_INFINITY;
                for (int k = i; k < j; k++) {
                    double sum = cost[i][k] + cost[k + 1][j] + (double) extents[i] * extents[k + 1] * extents[j + 1];
                    if (sum < cost[i][j]) {
                        cost[i][j] = sum;
                        split[i][j] = k;
                    }
                }
            }
        }
        return split;
    }

    private static Tensor product(Tensor[] matrices, int i, int j, int[][] split) {
        int k = split[i][j];
        return i == j ? matrices[i] : product(matrices, i, k, split).matmul(product(matrices, k + 1, j, split));
    }
}
