package io.adjoint.autodiff.function;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.check.GradientCheck;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LinalgTest {
    private static final DType F64 = DType.F64;

    /** Square matrices far from singular: rotations of a sort, plus noise. */
    static Tensor matrices(long seed, int... dims) {
        Tensor noise = Rng.seed(seed).normal(Shape.of(dims), F64).mul(0.3);
        Tensor rows = Tensor.range(dims[dims.length - 2]).unsqueeze(1);
        Tensor columns = Tensor.range(dims[dims.length - 1]);
        return noise.add(rows.eq(columns).cast(F64).mul(rows.add(1.5)).mul(seed % 2 == 0 ? 1 : -1));
    }

    static void assertClose(Tensor expected, Tensor actual, double tolerance) {
        assertEquals(expected.shape(), actual.shape());
        assertArrayEquals(expected.cast(F64).toDoubles(), actual.cast(F64).toDoubles(), tolerance);
    }

    @Property(tries = 100, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void solutionsSolve(@ForAll long seed, @ForAll @IntRange(max = 9) int n, @ForAll @IntRange(max = 3) int k) {
        Tensor a = matrices(seed, 2, 1, n, n);
        Tensor b = Rng.seed(seed + 1).normal(Shape.of(3, n, k), F64);
        Tensor x = Linalg.solve(a, b);
        assertEquals(Shape.of(2, 3, n, k), x.shape());
        assertClose(b.expand(2, 3, n, k), a.matmul(x), 1e-12);
        assertClose(x, Linalg.solve(a.cast(DType.F32), b.cast(DType.F32)), 1e-5);
        Tensor inverse = Linalg.inv(a);
        assertClose(Matrix.identity(a).expand(2, 1, n, n), a.matmul(inverse), 1e-12);
    }

    @Test
    void vectorsAreRightSidesAsInPyTorch() {
        Tensor a = matrices(2, 4, 3, 3);
        Tensor vectors = Rng.seed(5).normal(Shape.of(4, 3), F64);
        assertClose(vectors, a.matmul(Linalg.solve(a, vectors).unsqueeze(-1)).squeeze(-1), 1e-13);
        Tensor one = vectors.select(0, 0);
        assertEquals(Shape.of(4, 3), Linalg.solve(a, one).shape());
        assertEquals(Shape.of(3), Linalg.solve(a.select(0, 0), one).shape());
    }

    @Test
    void aSingularMatrixIsRefusedAndNamed() {
        Tensor a = Tensor.of(new double[] {1, 0, 0, 1, 2, 1, 4, 2}, 1, 2, 2, 2);
        assertEquals("solve: the matrix is singular: matrix F64[1, 2, 2, 2], at [0, 1], zero pivot in column 1; "
                + "expected an invertible matrix",
                assertThrows(ShapeException.class, () -> Linalg.inv(a)).getMessage());
        assertThrows(ShapeException.class, () -> Linalg.solve(a, Tensor.zeros(2, 1).cast(F64)));
        assertThrows(ShapeException.class, () -> Linalg.matrixPower(a, -1));
        assertEquals("inv: the matrix is not square: input [2, 3]; expected as many rows as columns",
                assertThrows(ShapeException.class, () -> Linalg.inv(Tensor.zeros(2, 3))).getMessage());
    }

    /** By the first row (Laplace). */
    private static double minors(double[][] a) {
        double sum = a.length == 0 ? 1 : 0;
        for (int j = 0; j < a.length; j++) {
            double[][] minor = new double[a.length - 1][a.length - 1];
            for (int row = 1; row < a.length; row++) {
                for (int column = 0; column < a.length - 1; column++) {
                    minor[row - 1][column] = a[row][column < j ? column : column + 1];
                }
            }
            sum += (j % 2 == 0 ? 1 : -1) * a[0][j] * minors(minor);
        }
        return sum;
    }

    @Property(tries = 100, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void determinantsAreSumsOfMinors(@ForAll long seed, @ForAll @IntRange(max = 5) int n) {
        Tensor a = Rng.seed(seed).normal(Shape.of(n, n), F64);
        double[][] rows = new double[n][n];
        for (int i = 0; i < n * n; i++) {
            rows[i / n][i % n] = a.toDoubles()[i];
        }
        double expected = minors(rows);
        assertEquals(expected, Linalg.det(a).item(), 1e-12);
        Linalg.SignAndLog parts = Linalg.slogdet(a);
        assertEquals(expected, parts.sign().item() * Math.exp(parts.logAbs().item()), 1e-12);
        double logarithm = Linalg.logdet(a).item();
        assertTrue(expected < 0 ? Double.isNaN(logarithm) : Math.abs(Math.log(expected) - logarithm) < 1e-10);
    }

    @Test
    void determinantsOfSingularMatrices() {
        Tensor a = Tensor.of(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, 3, 3).add(0).tracked();
        Tensor minors = Linalg.det(a).gradients(a).of(a);
        assertClose(Tensor.of(new double[] {-3, 6, -3, 6, -12, 6, -3, 6, -3}, 3, 3), minors, 1e-13);
        Tensor none = Tensor.zeros(Shape.of(2, 2), F64).tracked();
        assertEquals(0, Linalg.det(none).item());
        assertClose(none.detached(), Linalg.det(none).gradients(none).of(none), 0);
        Tensor one = Tensor.zeros(Shape.of(1, 1), F64).tracked();
        assertEquals(1, Linalg.det(one).gradients(one).of(one).item());
        assertEquals(0, Linalg.slogdet(none).sign().item());
        assertEquals(Double.NEGATIVE_INFINITY, Linalg.slogdet(none).logAbs().item());
        assertEquals(Double.NEGATIVE_INFINITY, Linalg.logdet(none).item());
        assertEquals(1, Linalg.det(Tensor.zeros(0, 0)).item());
    }

    @Test
    void aLogarithmHasRoomWhereADeterminantHasNone() {
        Tensor a = Matrix.identity(Tensor.zeros(Shape.of(400, 400), F64)).mul(-0.01);
        assertEquals(0, Linalg.det(a).item());
        assertEquals(400 * Math.log(0.01), Linalg.slogdet(a).logAbs().item(), 1e-9);
        assertEquals(1, Linalg.slogdet(a).sign().item());
    }

    @Property(tries = 30, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void powersAreProducts(@ForAll long seed, @ForAll @IntRange(min = -6, max = 9) int n) {
        Tensor a = matrices(seed, 2, 3, 3);
        Tensor factor = n < 0 ? Linalg.inv(a) : a;
        Tensor expected = Matrix.identity(a).expand(2, 3, 3);
        for (int i = 0; i < Math.abs(n); i++) {
            expected = expected.matmul(factor);
        }
        assertClose(expected, Linalg.matrixPower(a, n), 1e-9 * (1 + expected.abs().max().item()));
        GradientCheck.of("power " + n).withSeed(seed).check(in -> Linalg.matrixPower(in.getFirst(), n),
                a.div(4));
    }

    @Property(tries = 50, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void manyFactorsAreMultipliedInAnyOrder(@ForAll long seed, @ForAll @IntRange(min = 2, max = 5) int count) {
        Rng rng = Rng.seed(seed);
        Tensor[] factors = new Tensor[count];
        int[] extents = IntStream.rangeClosed(0, count).map(i -> (int) Math.floorMod(seed >> i, 4L))
                .toArray();
        Tensor expected = null;
        for (int i = 0; i < count; i++) {
            factors[i] = rng.stream(i).normal(Shape.of(extents[i], extents[i + 1]), F64);
            if (i == 0 && seed % 3 == 0) {
                factors[i] = rng.stream(i).normal(Shape.of(extents[1]), F64);
            } else if (i == count - 1 && seed % 2 == 0) {
                factors[i] = rng.stream(i).normal(Shape.of(extents[i]), F64);
            }
            expected = i == 0 ? factors[0] : expected.matmul(factors[i]);
        }
        assertClose(expected, Linalg.multiDot(factors), 1e-12);
    }

    @Property(tries = 20, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void compositionsHaveGradientsOfBothOrders(@ForAll long seed, @ForAll @IntRange(max = 4) int n) {
        Tensor a = matrices(seed, 2, n, n);
        Tensor b = Rng.seed(seed).normal(Shape.of(n), F64);
        GradientCheck check = GradientCheck.of("n = " + n).withSeed(seed);
        check.check(in -> Linalg.solve(in.getFirst(), in.getLast()), a, b);
        check.check(in -> Linalg.inv(in.getFirst()), a);
        check.check(in -> Linalg.det(in.getFirst()), a);
        check.check(in -> Linalg.slogdet(in.getFirst()).logAbs(), a);
        check.check(in -> Linalg.logdet(in.getFirst().matmul(in.getFirst().transpose())), a);
        check.check(in -> Linalg.multiDot(in.getFirst(), in.getFirst(), in.getLast()), a.select(0, 0), b);
    }
}
