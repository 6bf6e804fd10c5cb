package io.adjoint.autodiff.function;

import static io.adjoint.autodiff.function.LinalgTest.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.check.GradientCheck;
import java.util.stream.Stream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecompositionsTest {
    private static final DType F64 = DType.F64;

    private static Tensor symmetric(Tensor a) {
        return a.add(a.transpose()).div(2);
    }

    private static void assertOrthonormal(Tensor q) {
        Tensor product = q.transpose().matmul(q);
        assertClose(Matrix.identity(product).expand(product.shape()), product, 1e-13);
    }

    /** Random matrices, some of them of low rank, some huge or tiny. */
    private static Tensor any(long seed, int m, int n) {
        Rng rng = Rng.seed(seed);
        Tensor a = rng.stream(0).normal(Shape.of(2, m, n), F64);
        return switch ((int) Math.floorMod(seed, 4L)) {
            case 0 -> rng.stream(1).normal(Shape.of(2, m, 1), F64).matmul(rng.stream(2).normal(Shape.of(2, 1, n), F64));
            case 1 -> a.mul(rng.stream(1).bernoulli(Shape.of(2, m, n), 0.3).cast(F64));
            default -> a;
        };
    }

    @Property(tries = 120, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void orthogonalTimesTriangular(@ForAll long seed, @ForAll @IntRange(max = 6) int m,
            @ForAll @IntRange(max = 6) int n) {
        Tensor a = any(seed, m, n);
        for (Qr parts : new Qr[] {Decompositions.qr(a), Decompositions.qrComplete(a)}) {
            assertOrthonormal(parts.q());
            assertClose(a, parts.q().matmul(parts.r()), 1e-13);
            assertClose(Matrix.below(n, parts.r().dim(-2)).transpose().where(parts.r(), 0), parts.r(), 0);
            Tensor diagonal = Matrix.identity(Tensor.zeros(Shape.of(n, n), F64)).slice(0, 0, Math.min(m, n))
                    .mul(parts.r().slice(-2, 0, Math.min(m, n)));
            assertTrue(diagonal.ge(0).all().toBooleans()[0]);
        }
        assertEquals(Shape.of(2, m, Math.min(m, n)), Decompositions.qr(a).q().shape());
        assertEquals(Shape.of(2, m, m), Decompositions.qrComplete(a).q().shape());
        assertEquals(Shape.of(2, m, n), Decompositions.qrComplete(a).r().shape());
    }

    @Property(tries = 120, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void eigenvectorsAreStretched(@ForAll long seed, @ForAll @IntRange(max = 7) int n) {
        Tensor a = symmetric(any(seed, n, n));
        Eigh parts = Decompositions.eigh(a);
        assertOrthonormal(parts.vectors());
        assertClose(a, parts.vectors().mul(parts.values().unsqueeze(-2)).matmul(parts.vectors().transpose()), 1e-13);
        assertTrue(n < 2 || parts.values().slice(-1, 0, n - 1).le(parts.values().slice(-1, 1, n)).all().item() == 1);
        assertLeading(parts.vectors());
    }

    @Property(tries = 120, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void singularValuesStandBetweenOrthogonalMatrices(@ForAll long seed, @ForAll @IntRange(max = 6) int m,
            @ForAll @IntRange(max = 6) int n) {
        Tensor a = any(seed, m, n);
        Svd parts = Decompositions.svd(a);
        int k = Math.min(m, n);
        assertOrthonormal(parts.u());
        assertOrthonormal(parts.v());
        assertClose(a, parts.u().mul(parts.s().unsqueeze(-2)).matmul(parts.v().transpose()), 1e-13);
        assertTrue(k < 2 || parts.s().slice(-1, 0, k - 1).ge(parts.s().slice(-1, 1, k)).all().item() == 1);
        assertTrue(parts.s().ge(0).all().toBooleans()[0]);
        assertLeading(parts.u());
        assertClose(parts.s(), Decompositions.svdvals(a.transpose()), 1e-13);
        assertClose(parts.s().mul(1e200), Decompositions.svdvals(a.mul(1e200)), 1e188);
        assertClose(parts.s(), Decompositions.svdvals(a.mul(1e-200)).mul(1e200), 1e-12);
    }

    /** In each column the element of greatest magnitude is positive. */
    private static void assertLeading(Tensor vectors) {
        if (vectors.size() > 0) {
            Tensor greatest = vectors.gather(-2, vectors.abs().argmax(-2).unsqueeze(-2));
            assertTrue(greatest.gt(0).all().item() == 1, vectors.toString());
        }
    }

    /**
     * Matrices whose singular values are 0.7 apart or more, and whose least is 1 or more. Derivatives grow with powers of the
     * inverse distances, of which central differences would see the third order.
     */
    private static Tensor apart(long seed, int... dims) {
        Rng rng = Rng.seed(seed);
        int m = dims[dims.length - 2];
        int n = dims[dims.length - 1];
        Tensor values = Tensor.range(Math.min(m, n)).cast(F64).add(1)
                .add(rng.stream(0).uniform(Shape.of(dims).with(-2, 1).with(-1, Math.min(m, n)), F64).mul(0.3));
        Tensor left = rotations(rng.stream(1), Shape.of(dims).with(-1, m)).slice(-1, 0, Math.min(m, n));
        Tensor right = rotations(rng.stream(2), Shape.of(dims).with(-2, n)).slice(-2, 0, Math.min(m, n));
        return left.mul(values).matmul(right);
    }

    /** Symmetric matrices with such eigenvalues, of both signs. */
    private static Tensor symmetricApart(long seed, int n) {
        Rng rng = Rng.seed(seed);
        Tensor values = Tensor.range(n).cast(F64).sub(n / 2).add(rng.stream(0).uniform(Shape.of(n), F64).mul(0.3));
        Tensor rotation = rotations(rng.stream(1), Shape.of(n, n));
        return rotation.mul(values).matmul(rotation.transpose());
    }

    /** Products of two random reflections, made without the decompositions under test. */
    private static Tensor rotations(Rng rng, Shape shape) {
        return reflections(rng.stream(0), shape).matmul(reflections(rng.stream(1), shape));
    }

    private static Tensor reflections(Rng rng, Shape shape) {
        Tensor v = rng.normal(shape.with(-1, 1), F64);
        Tensor square = v.transpose().matmul(v);
        return Matrix.identity(Tensor.zeros(shape, F64)).sub(v.matmul(v.transpose()).mul(2).div(square));
    }

    @Property(tries = 40, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void gradientsOfBothOrders(@ForAll long seed, @ForAll @IntRange(max = 4) int m, @ForAll @IntRange(max = 4) int n) {
        Tensor a = apart(seed, 2, m, n);
        GradientCheck check = GradientCheck.of(m + " x " + n).withSeed(seed);
        check.check(in -> Decompositions.qr(in.getFirst()).q(), a);
        check.check(in -> Decompositions.qr(in.getFirst()).r(), a);
        check.check(in -> Decompositions.svd(in.getFirst()).u(), a);
        check.check(in -> Decompositions.svd(in.getFirst()).v(), a);
        check.check(in -> Decompositions.svdvals(in.getFirst()), a);
        Tensor square = symmetricApart(seed, m);
        check.check(in -> Decompositions.eigh(symmetric(in.getFirst())).vectors(), square);
        check.check(in -> Decompositions.eigvalsh(symmetric(in.getFirst())), square);
    }

    /** The projector on the completing columns does not depend on which they are. */
    @Property(tries = 20, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void gradientsGoThroughTheCompletingColumns(@ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int m) {
        int n = Math.min(m, 2);
        GradientCheck.of(m + " x " + n).withSeed(seed).check(in -> {
            Tensor rest = Decompositions.qrComplete(in.getFirst()).q().slice(-1, n, m);
            return rest.matmul(rest.transpose());
        }, apart(seed, m, n));
    }

    @Test
    void equalEigenvaluesHaveAGradientButTheirVectorsHaveNot() {
        Tensor a = Matrix.identity(Tensor.zeros(Shape.of(3, 3), F64)).tracked();
        assertClose(a.detached(), Decompositions.eigvalsh(a).sum().gradients(a).of(a), 0);
        assertClose(a.detached(), Decompositions.svdvals(a).sum().gradients(a).of(a), 0);
        Tensor zero = Tensor.zeros(Shape.of(2, 3), F64).tracked();
        Tensor gradient = Decompositions.svdvals(zero).sum().gradients(zero).of(zero);
        assertTrue(gradient.isNaN().any().item() == 0, gradient.toString());
        Tensor weights = Tensor.of(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, 3, 3);
        Tensor byVectors = Decompositions.eigh(a).vectors().mul(weights).sum().gradients(a).of(a);
        assertTrue(byVectors.sub(byVectors).isNaN().any().item() == 1, byVectors.toString());
    }

    @Test
    void theLowerTriangleIsRead() {
        Tensor a = Tensor.of(new double[] {2, 99, 1, 2}, 2, 2).tracked();
        Tensor values = Decompositions.eigvalsh(a);
        assertClose(Tensor.of(new double[] {1, 3}), values, 1e-14);
        Tensor gradient = values.select(0, 1).gradients(a).of(a);
        assertClose(Tensor.full(Shape.of(2, 2), F64, 0.5), gradient, 1e-14);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
    void whatIsNotFiniteGivesNaN(double odd) {
        Tensor a = Tensor.of(new double[] {1, 2, 2, odd}, 2, 2);
        assertTrue(Decompositions.eigvalsh(a).isNaN().all().item() == 1);
        Svd parts = Decompositions.svd(a);
        assertTrue(parts.u().isNaN().and(parts.v().isNaN()).and(parts.s().isNaN()).all().item() == 1);
    }

    @Test
    void largeMatricesConverge() {
        Tensor a = Rng.seed(1).normal(Shape.of(60, 50), F64);
        Svd parts = Decompositions.svd(a);
        assertClose(a, parts.u().mul(parts.s().unsqueeze(-2)).matmul(parts.v().transpose()), 1e-12);
        Tensor gram = a.transpose().matmul(a);
        assertClose(parts.s().square(), Decompositions.eigvalsh(gram).flip(0), 1e-11);
    }

    /** Matrices on which careless algorithms do not end, or lose orthogonality. */
    static Stream<Tensor> hardMatrices() {
        Tensor i = Tensor.range(9).cast(F64).unsqueeze(1);
        Tensor j = Tensor.range(9).cast(F64);
        Tensor graded = Tensor.scalar(10, F64).pow(i.add(j).mul(-8));
        Tensor block = i.lt(5).and(j.lt(5)).cast(F64);
        return Stream.of(i.add(j).add(1).reciprocal(), graded, graded.flip(0), block, block.neg(), i.sub(j), i.mul(j),
                i.eq(j).cast(F64).mul(1e-310), Tensor.full(Shape.of(9, 9), F64, 1e300),
                Tensor.zeros(Shape.of(9, 9), F64),
                i.eq(j).or(i.eq(j.add(1))).cast(F64), i.eq(j).cast(F64).add(1e-16));
    }

    @ParameterizedTest
    @MethodSource("hardMatrices")
    void hardMatricesAreDecomposedAsWell(Tensor a) {
        double size = Math.max(a.abs().max().item(), 1e-300);
        Svd svd = Decompositions.svd(a);
        assertOrthonormal(svd.u());
        assertOrthonormal(svd.v());
        assertClose(a.div(size), svd.u().mul(svd.s().div(size).unsqueeze(-2)).matmul(svd.v().transpose()), 1e-13);
        Tensor s = Matrix.below(9, 9).where(a, a.transpose());
        Eigh eigh = Decompositions.eigh(s);
        assertOrthonormal(eigh.vectors());
        assertClose(s.div(size),
                eigh.vectors().mul(eigh.values().div(size).unsqueeze(-2)).matmul(eigh.vectors().transpose()), 1e-13);
        Qr qr = Decompositions.qr(a);
        assertOrthonormal(qr.q());
        assertClose(a.div(size), qr.q().matmul(qr.r().div(size)), 1e-13);
    }
}
