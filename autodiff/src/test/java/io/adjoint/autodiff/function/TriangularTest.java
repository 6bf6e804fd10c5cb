package io.adjoint.autodiff.function;

import static io.adjoint.autodiff.function.LinalgTest.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.check.GradientCheck;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TriangularTest {
    private static final DType F64 = DType.F64;

    private static Tensor positive(Tensor a) {
        return a.matmul(a.transpose()).add(Matrix.identity(a));
    }

    @Property(tries = 60, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void rootsAndSolutions(@ForAll long seed, @ForAll @IntRange(max = 6) int n, @ForAll Triangle triangle) {
        Tensor a = positive(Rng.seed(seed).normal(Shape.of(2, n, n), F64));
        Tensor root = Triangular.cholesky(a);
        assertClose(a, root.matmul(root.transpose()), 1e-12);
        assertClose(Matrix.below(n, n).where(root, 0), root, 0);
        Tensor b = Rng.seed(seed + 1).normal(Shape.of(n, 3), F64);
        assertClose(b.expand(2, n, 3), a.matmul(Triangular.choleskySolve(b, root)), 1e-11);

        Tensor m = LinalgTest.matrices(seed, n, n);
        Tensor half = switch (triangle) {
            case LOWER -> Matrix.below(n, n).where(m, 0);
            case UPPER -> Matrix.below(n, n).transpose().where(m, 0);
            case UNIT_LOWER -> Matrix.below(n, n).transpose().where(Matrix.identity(m), m);
            case UNIT_UPPER -> Matrix.below(n, n).where(Matrix.identity(m), m);
        };
        Tensor x = Triangular.solveTriangular(m, b, triangle);
        assertClose(b, half.matmul(x), 1e-12);
        GradientCheck.of("solve").withSeed(seed)
                .check(in -> Triangular.solveTriangular(in.getFirst(), in.getLast(), triangle), m, b);
        GradientCheck.of("cholesky").withSeed(seed).check(
                in -> Triangular.choleskySolve(in.getLast(), Triangular.cholesky(positive(in.getFirst()))), m, b);
    }

    @Test
    void theLowerTriangleIsReadAndTheGradientIsSymmetric() {
        Tensor a = Tensor.of(new double[] {4, 99, 2, 5}, 2, 2).tracked();
        Tensor root = Triangular.cholesky(a);
        assertClose(Tensor.of(new double[] {2, 0, 1, 2}, 2, 2), root, 1e-15);
        Tensor gradient = root.slice(1, 0, 1).sum().gradients(a).of(a);
        // d (sqrt a + b / sqrt a): 1 / 4 - 2 / 16 by a, 1 / 2 by b, shared by both places of b
        assertClose(Tensor.of(new double[] {0.125, 0.25, 0.25, 0}, 2, 2), gradient, 1e-15);
    }

    @Test
    void whatIsNotPositiveDefiniteIsRefusedAndNamed() {
        Tensor a = Tensor.of(new double[] {1, 0, 0, 1, 1, 2, 2, 1}, 2, 2, 2);
        assertEquals(
                "cholesky: the matrix is not positive definite: matrix F64[2, 2, 2], at [1], leading minor of order 2; "
                        + "expected positive leading minors",
                assertThrows(ShapeException.class, () -> Triangular.cholesky(a)).getMessage());
        assertThrows(ShapeException.class, () -> Triangular.cholesky(Tensor.scalar(Float.NaN).reshape(1, 1)));
    }

    @Test
    void aZeroOnTheDiagonalGivesInfinity() {
        Tensor x = Triangular.solveTriangular(Tensor.zeros(1, 1), Tensor.ones(1, 1), Triangle.LOWER);
        assertEquals(Double.POSITIVE_INFINITY, x.item());
    }
}
