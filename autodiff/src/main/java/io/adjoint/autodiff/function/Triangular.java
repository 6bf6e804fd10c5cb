package io.adjoint.autodiff.function;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.Cholesky;
import io.adjoint.autodiff.op.TriangularSolve;

/**
 * Triangular matrices, and the Cholesky decomposition that makes them. A matrix is the last two axes of a tensor; axes before
 * them are a batch. Integers count as F32.
 */
public final class Triangular {
    private Triangular() {}

    /**
     * The lower triangular L with a positive diagonal and {@code L L^T = a}, of symmetric positive definite matrices {@code
     * [..., n, n]}. The lower triangle is read; the gradient is symmetric, as among symmetric matrices.
     *
     * @throws ShapeException if a matrix is not square or not positive definite; the message says which of a batch
     */
    public static Tensor cholesky(Tensor a) {
        return new Cholesky().apply(Matrix.symmetric(Matrix.requireSquare("cholesky", a)));
    }

    /**
     * The x with {@code (L L^T) x = b} for a lower triangular L, as {@link #cholesky} gives it: {@code L^-T (L^-1 b)}.
     *
     * @param b matrices {@code [..., n, k]}; batches broadcast
     * @param root lower triangular {@code [..., n, n]}
     */
    public static Tensor choleskySolve(Tensor b, Tensor root) {
        DType dtype = Floats.common(b, root);
        Tensor lower = Matrix.requireSquare("cholesky_solve", root).cast(dtype);
        Tensor half = new TriangularSolve(true, false, false).apply(lower, b.cast(dtype));
        return new TriangularSolve(true, true, false).apply(lower, half);
    }

    /**
     * The x with {@code a x = b} for triangular matrices a; infinite or NaN where the diagonal has a zero. Derivatives: {@code
     * a^-T g} by b, and {@code -(a^-T g) x^T} by the triangle of a.
     *
     * @param a square matrices {@code [..., n, n]}
     * @param b matrices {@code [..., n, k]}; batches broadcast
     * @param triangle the half of a that is read
     */
    public static Tensor solveTriangular(Tensor a, Tensor b, Triangle triangle) {
        DType dtype = Floats.common(a, b);
        Tensor matrix = Matrix.requireSquare("solve_triangular", a).cast(dtype);
        boolean lower = triangle == Triangle.LOWER || triangle == Triangle.UNIT_LOWER;
        boolean unit = triangle == Triangle.UNIT_LOWER || triangle == Triangle.UNIT_UPPER;
        return new TriangularSolve(lower, false, unit).apply(matrix, b.cast(dtype));
    }
}
