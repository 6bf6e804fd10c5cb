package io.adjoint.autodiff;

import static io.adjoint.autodiff.function.Einsum.einsum;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.check.GradientCheck;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ProductMethodsTest {
    private static Tensor normal(long seed, int... dims) {
        return Rng.seed(seed).normal(Shape.of(dims), DType.F64);
    }

    private static void assertClose(Tensor expected, Tensor actual) {
        assertEquals(expected.spec(), actual.spec());
        assertArrayEquals(expected.toDoubles(), actual.toDoubles(), 1e-13);
    }

    @Property(tries = 60, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void productsAreSums(@ForAll long seed, @ForAll @IntRange(max = 3) int m, @ForAll @IntRange(max = 3) int k,
            @ForAll @IntRange(max = 3) int n) {
        Tensor a = normal(seed, 2, m, k);
        Tensor b = normal(seed + 1, 2, k, n);
        Tensor matrix = a.select(0, 0);
        Tensor vector = normal(seed + 2, k);
        Tensor row = normal(seed + 3, n);
        assertClose(einsum("bij,bjk->bik", a, b), a.bmm(b));
        assertClose(einsum("ij,jk->ik", matrix, b.select(0, 1)), matrix.mm(b.select(0, 1)));
        assertClose(einsum("ij,j->i", matrix, vector), matrix.mv(vector));
        assertClose(einsum("j,j->", vector, vector), vector.dot(vector));
        assertClose(einsum("i,j->ij", vector, row), vector.outer(row));
        assertClose(einsum("bij,ckj->bick", a, a), a.inner(a));
        assertClose(einsum("bij,bjk->ik", a, b).mul(2).add(row.mul(3)), row.addbmm(a, b, 3, 2));
        assertClose(einsum("bij,bjk->bik", a, b).mul(2).add(row.mul(3)), row.baddbmm(a, b, 3, 2));
        assertClose(matrix.mm(b.select(0, 0)).add(row), row.addmm(matrix, b.select(0, 0)));
        assertClose(matrix.mv(vector).mul(2).add(1.5), Tensor.scalar(3, DType.F64).addmv(matrix, vector, 0.5, 2));
        assertClose(vector.outer(row).sub(row), row.addr(vector, row, -1, 1));
        assertClose(einsum("bij,bjk->ik", a, b), a.tensordot(b, new int[] {0, 2}, new int[] {0, -2}));
        assertClose(einsum("bij,cjk->bick", a, b), a.tensordot(b, new int[] {-1}, new int[] {1}));
        assertClose(einsum("bij,jkl->bikl", a, b.permute(1, 2, 0)), a.tensordot(b.permute(1, 2, 0), 1));
        assertClose(einsum("ij,kl->ikjl", matrix, b.select(0, 0)).reshape(Shape.of(m * k, k * n)),
                matrix.kron(b.select(0, 0)));
        assertClose(matrix.kron(row), matrix.kron(row.unsqueeze(0)));
        GradientCheck check = GradientCheck.of(m + ", " + k + ", " + n).withSeed(seed);
        check.check(in -> in.get(2).addbmm(in.get(0), in.get(1), 3, 2), a, b, row);
        check.check(in -> in.get(0).tensordot(in.get(1), new int[] {2}, new int[] {1}), a, b);
        check.check(in -> in.get(0).kron(in.get(1)), matrix, row);
        check.check(in -> in.get(0).inner(in.get(1)), a, vector);
        check.check(in -> in.get(0).addr(in.get(1), in.get(0)), row, vector);
    }

    @Test
    void aFactorOfZeroIgnoresWhatItMultiplies() {
        Tensor nan = Tensor.full(Shape.of(2), DType.F32, Double.NaN);
        assertEquals("[[2., 2.],\n [2., 2.]]  F32[2, 2]", nan.addmm(Tensor.ones(2, 2), Tensor.ones(2, 2), 0, 1)
                .toString());
        assertEquals(DType.F64, nan.cast(DType.F64).addmv(Tensor.ones(2, 1), Tensor.ones(1), 0, 2).dtype());
        Tensor leaf = nan.tracked();
        assertEquals("[0., 0.]  F32[2]",
                leaf.addmv(Tensor.ones(2, 1), Tensor.ones(1), 0, 1).sum().gradients(leaf).of(leaf).toString());
    }

    @Test
    void integersMultiplyExactly() {
        Tensor a = Tensor.of(new int[] {1, 2, 3, 4}, 2, 2);
        assertEquals("[[ 8, 11],\n [16, 23]]  I32[2, 2]", Tensor.of(new int[] {1, 1}).addmm(a, a, 1, 1).toString());
        assertEquals("[1, 2, 2, 4]  I32[4]", Tensor.of(new int[] {1, 2}).kron(Tensor.of(new int[] {1, 2})).toString());
    }

    @Test
    void crossProducts() {
        Tensor x = Tensor.of(new double[] {1, 0, 0});
        Tensor y = Tensor.of(new double[] {0, 1, 0});
        assertEquals("[0., 0., 1.]  F64[3]", x.cross(y).toString());
        Tensor a = normal(1, 3, 4, 3);
        Tensor b = normal(2, 4, 1);
        assertThrows(ShapeException.class, () -> a.cross(b, 2));
        Tensor c = normal(3, 4, 3);
        assertClose(a.cross(c, -1), c.cross(a, 2).neg());
        assertClose(Tensor.zeros(Shape.of(3, 4), DType.F64), a.cross(c, 2).mul(c).sum(2));
        assertClose(a.cross(a.flip(1)), a.cross(a.flip(1), 0));
        GradientCheck.of("cross").check(in -> in.get(0).cross(in.get(1), -1), a, c);
    }

    /** The gradient of the matrix sums over all rows of the batch, in the same order for a view and for a copy of it. */
    @Test
    void howABatchLiesInMemoryDoesNotShowInItsGradients() {
        Tensor view = Rng.seed(3).normal(Shape.of(5, 7, 4), DType.F32).transpose(0, 1);
        Tensor copy = Tensor.of(view.toFloats(), view.shape());
        Tensor matrix = Rng.seed(4).normal(Shape.of(4, 3), DType.F32).tracked();
        Tensor ofView = view.matmul(matrix).square().sum().gradients(matrix).of(matrix);
        Tensor ofCopy = copy.matmul(matrix).square().sum().gradients(matrix).of(matrix);
        assertTrue(ofView.sameBits(ofCopy), ofView + " and " + ofCopy);
    }

    @Test
    void wrongShapesAreRefused() {
        assertEquals("mm: another number of axes: left [2], right [2, 2]; expected ranks 2 and 2",
                assertThrows(ShapeException.class, () -> Tensor.ones(2).mm(Tensor.ones(2, 2))).getMessage());
        assertEquals("addmm: the input does not broadcast to the product: input [3, 2, 2], product [2, 2]; "
                + "expected an input that stretches to the product's shape",
                assertThrows(ShapeException.class,
                        () -> Tensor.ones(3, 2, 2).addmm(Tensor.ones(2, 2), Tensor.ones(2, 2))).getMessage());
        assertThrows(ShapeException.class, () -> Tensor.ones(2, 1, 1).bmm(Tensor.ones(1, 1, 1)));
        assertThrows(ShapeException.class, () -> Tensor.ones(2, 3).tensordot(Tensor.ones(2, 3), 2147483647));
        assertThrows(ShapeException.class,
                () -> Tensor.ones(2, 3).tensordot(Tensor.ones(2, 3), new int[] {0, 0}, new int[] {0, 1}));
        assertThrows(ShapeException.class, () -> Tensor.ones(65536, 0).kron(Tensor.ones(65536, 0)));
    }
}
