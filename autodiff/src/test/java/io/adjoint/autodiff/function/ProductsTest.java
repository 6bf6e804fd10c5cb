package io.adjoint.autodiff.function;

import static io.adjoint.autodiff.function.Einsum.einsum;
import static io.adjoint.autodiff.function.LinalgTest.assertClose;
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

class ProductsTest {
    private static Tensor normal(long seed, int... dims) {
        return Rng.seed(seed).normal(Shape.of(dims), DType.F64);
    }

    @Property(tries = 40, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void layersAreSums(@ForAll long seed, @ForAll @IntRange(max = 3) int m, @ForAll @IntRange(max = 3) int n,
            @ForAll @IntRange(max = 3) int out) {
        Tensor x = normal(seed, 2, 3, m);
        Tensor y = normal(seed + 1, 2, 3, n);
        Tensor weight = normal(seed + 2, out, m);
        Tensor bias = normal(seed + 3, out);
        Tensor cube = normal(seed + 4, out, m, n);
        assertClose(einsum("...i,oi->...o", x, weight), Products.linear(x, weight), 1e-13);
        assertClose(einsum("...i,oij,...j->...o", x, cube, y).add(bias), Products.bilinear(x, y, cube, bias), 1e-13);
        GradientCheck check = GradientCheck.of(m + ", " + n + ", " + out).withSeed(seed);
        check.check(in -> Products.linear(in.get(0), in.get(1), in.get(2)), x, weight, bias);
        check.check(in -> Products.bilinear(in.get(0), in.get(1), in.get(2), in.get(3)), x, y, cube, bias);
    }

    @Test
    void vectorsAndWrongShapes() {
        Tensor x = normal(1, 4);
        assertClose(x.dot(x), Products.linear(x, x), 0);
        assertClose(einsum("i,oij,j->o", x, normal(2, 3, 4, 4), x), Products.bilinear(x, x, normal(2, 3, 4, 4)), 1e-13);
        assertThrows(ShapeException.class, () -> Products.linear(x, normal(1, 4, 3)));
        assertThrows(ShapeException.class, () -> Products.linear(x, normal(1, 1, 4), normal(1, 3)));
        assertThrows(ShapeException.class, () -> Products.bilinear(x, x, normal(1, 3, 4, 3)));
        assertThrows(ShapeException.class, () -> Products.bilinear(normal(1, 2, 4), x, normal(1, 3, 4, 4)));
    }
}
