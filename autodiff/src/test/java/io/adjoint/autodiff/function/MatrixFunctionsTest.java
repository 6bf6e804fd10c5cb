package io.adjoint.autodiff.function;

import static io.adjoint.autodiff.function.LinalgTest.assertClose;
import static io.adjoint.autodiff.function.LinalgTest.matrices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.Axes;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MatrixFunctionsTest {
    private static final DType F64 = DType.F64;

    @Property(tries = 40, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void theExponentialOfASymmetricMatrixHasTheExponentialsOfItsEigenvalues(@ForAll long seed,
            @ForAll @IntRange(max = 5) int n, @ForAll @IntRange(min = -3, max = 3) int scale) {
        Tensor a = Rng.seed(seed).normal(Shape.of(n, n), F64).mul(Math.pow(2, scale));
        Tensor s = a.add(a.transpose()).div(2);
        Eigh parts = Decompositions.eigh(s);
        Tensor expected = parts.vectors().mul(parts.values().exp().unsqueeze(-2)).matmul(parts.vectors().transpose());
        double size = n == 0 ? 1 : 1 + expected.abs().max().item();
        assertClose(expected, MatrixFunctions.matrixExp(s), 1e-12 * size);
    }

    @Test
    void theExponentialOfATurnIsATurn() {
        for (double angle : new double[] {0, 1e-9, 0.1, 1, 30}) {
            Tensor x = Tensor.of(new double[] {0, -angle, angle, 0}, 2, 2);
            double c = Math.cos(angle);
            double s = Math.sin(angle);
            assertClose(Tensor.of(new double[] {c, -s, s, c}, 2, 2), MatrixFunctions.matrixExp(x), 1e-13);
        }
        Tensor nilpotent = Tensor.of(new float[] {0, 1, 0, 0, 0, 1, 0, 0, 0}, 3, 3);
        assertEquals("[[ 1.,  1., 0.5],\n [ 0.,  1.,  1.],\n [ 0.,  0.,  1.]]  F32[3, 3]",
                MatrixFunctions.matrixExp(nilpotent).toString());
        Tensor odd = Tensor.of(new double[] {Double.POSITIVE_INFINITY, 0, 0, 1}, 2, 2);
        assertTrue(MatrixFunctions.matrixExp(odd).isNaN().all().item() == 1);
    }

    @Property(tries = 100, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void pseudoInversesHavePenrosesProperties(@ForAll long seed, @ForAll @IntRange(max = 5) int m,
            @ForAll @IntRange(max = 5) int n, @ForAll @IntRange(max = 3) int rank) {
        Tensor a = Rng.seed(seed).normal(Shape.of(m, rank), F64)
                .matmul(Rng.seed(seed + 1).normal(Shape.of(rank, n), F64));
        Tensor p = MatrixFunctions.pinv(a, 1e-10);
        double size = p.size() == 0 ? 1 : 1 + p.abs().max().item();
        assertClose(a, a.matmul(p).matmul(a), 1e-11 * size);
        assertClose(p, p.matmul(a).matmul(p), 1e-11 * size * size);
        assertClose(a.matmul(p), a.matmul(p).transpose(), 1e-11 * size);
        assertClose(p.matmul(a), p.matmul(a).transpose(), 1e-11 * size);
        assertEquals(Math.min(rank, Math.min(m, n)), (int) MatrixFunctions.matrixRank(a).item());
    }

    @Property(tries = 40, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void leastSquaresLeaveNothingInTheColumnsDirections(@ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int m,
            @ForAll @IntRange(min = 1, max = 4) int n) {
        Tensor a = matrices(seed, m, n);
        Tensor b = Rng.seed(seed).normal(Shape.of(m, 2), F64);
        Tensor x = MatrixFunctions.lstsq(a, b);
        Tensor rest = a.matmul(x).sub(b);
        assertClose(Tensor.zeros(Shape.of(n, 2), F64), a.transpose().matmul(rest), 1e-11);
        GradientCheck check = GradientCheck.of(m + " x " + n).withSeed(seed);
        check.check(in -> MatrixFunctions.lstsq(in.getFirst(), in.getLast()), a, b);
        check.check(in -> MatrixFunctions.lstsq(in.getFirst(), in.getLast()), a, b.select(1, 0));
        check.check(in -> MatrixFunctions.pinv(in.getFirst()), a);
        check.check(in -> MatrixFunctions.cond(in.getFirst()), a);
        check.check(in -> MatrixFunctions.matrixExp(in.getFirst()), matrices(seed, n, n).div(3));
    }

    @ParameterizedTest
    @EnumSource
    void normsByHand(MatrixNorm norm) {
        // the singular values have squares with the sum 2^2 + 2^2 + 4^2 + 6^2 = 60, and the product |det| = 20
        Tensor a = Tensor.of(new double[] {2, -2, 4, 6}, 2, 2);
        double expected = switch (norm) {
            case FROBENIUS -> Math.sqrt(60);
            case NUCLEAR -> 10;
            case SPECTRAL -> Math.sqrt(30 + Math.sqrt(500));
            case LEAST_SINGULAR -> Math.sqrt(30 - Math.sqrt(500));
            case MAX_COLUMN_SUM -> 8;
            case MIN_COLUMN_SUM -> 6;
            case MAX_ROW_SUM -> 10;
            case MIN_ROW_SUM -> 4;
        };
        assertEquals(expected, MatrixFunctions.matrixNorm(a, norm).item(), 1e-14);
    }

    @ParameterizedTest
    @EnumSource
    void normsRunAlongAnyAxes(MatrixNorm norm) {
        Tensor a = Rng.seed(3).normal(Shape.of(3, 2, 4), F64);
        Tensor expected = MatrixFunctions.matrixNorm(a.permute(1, 0, 2), norm);
        assertClose(expected, MatrixFunctions.matrixNorm(a, norm, Axes.drop(0, -1)), 1e-13);
        assertClose(expected.reshape(1, 2, 1), MatrixFunctions.matrixNorm(a, norm, Axes.keep(0, 2)), 1e-13);
        assertThrows(ShapeException.class, () -> MatrixFunctions.matrixNorm(a, norm, Axes.drop(1)));
        GradientCheck.of(norm.toString()).check(in -> MatrixFunctions.matrixNorm(in.getFirst(), norm), a);
    }

    @Test
    void theNormOfZerosHasTheDerivativeZero() {
        Tensor zero = Tensor.zeros(Shape.of(2, 2), F64).tracked();
        assertClose(zero.detached(), MatrixFunctions.matrixNorm(zero).gradients(zero).of(zero), 0);
        assertEquals(0, MatrixFunctions.matrixNorm(Tensor.zeros(0, 3)).item());
    }

    @Test
    void ranksAndConditions() {
        Tensor a = Tensor.of(new float[] {1, 2, 2, 4, 3, 0, 0, 6}, 2, 2, 2);
        assertEquals("[1, 2]  I64[2]", MatrixFunctions.matrixRank(a).toString());
        assertEquals("[0]  I64[1]", MatrixFunctions.matrixRank(Tensor.zeros(1, 0, 2)).toString());
        assertEquals(2, MatrixFunctions.cond(a.select(0, 1)).item(), 1e-6);
        assertThrows(ShapeException.class, () -> MatrixFunctions.matrixRank(a, -1));
        assertThrows(ShapeException.class, () -> MatrixFunctions.pinv(a, Double.NaN));
    }
}
