package io.adjoint.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class InitialiserTest {
    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void theVarianceFollowsFromTheFans(@ForAll @IntRange(min = 20, max = 60) int out,
            @ForAll @IntRange(min = 20, max = 60) int in, @ForAll @IntRange(min = 1, max = 3) int kernel,
            @ForAll @LongRange(min = 0, max = 999) long seed) {
        Shape shape = Shape.of(out, in, kernel, kernel);
        double fanIn = in * kernel * kernel;
        double fanOut = out * kernel * kernel;
        assertVariance(2 / (fanIn + fanOut), true, Initialiser.xavierUniform(), shape, seed);
        assertVariance(2 * 9 / (fanIn + fanOut), true, Initialiser.xavierUniform(3), shape, seed);
        assertVariance(2 / (fanIn + fanOut), false, Initialiser.xavierNormal(), shape, seed);
        assertVariance(2 * 4 / (fanIn + fanOut), false, Initialiser.xavierNormal(2), shape, seed);
        assertVariance(2 / fanIn, true, Initialiser.heUniform(), shape, seed);
        assertVariance(2 / fanIn, false, Initialiser.heNormal(), shape, seed);
        assertVariance(1 / fanIn, true, Initialiser.lecunUniform(), shape, seed);
        assertVariance(1 / fanIn, false, Initialiser.lecunNormal(), shape, seed);
    }

    /** Within six standard errors of the moments: a failure by chance is one in a hundred million. */
    private static void assertVariance(double variance, boolean uniform, Initialiser initialiser, Shape shape,
            long seed) {
        Tensor x = initialiser.draw(shape, DType.F64, Rng.seed(seed));
        double count = x.size();
        double kurtosis = uniform ? 1.8 : 3;
        assertEquals(0, x.mean().item(), 6 * Math.sqrt(variance / count), "mean");
        assertEquals(1, x.square().mean().item() / variance, 6 * Math.sqrt((kurtosis - 1) / count), "variance");
        if (uniform) {
            assertTrue(x.abs().max().item() <= Math.sqrt(3 * variance), "within the bound");
        }
    }

    @Test
    void aShapeWithoutFansIsRefused() {
        assertEquals("initialiser: no fan-in and fan-out: shape [3]; expected a weight [out, in, ...]",
                assertThrows(ShapeException.class,
                        () -> Initialiser.heNormal().draw(Shape.of(3), DType.F32, Rng.seed(1))).getMessage());
    }

    @Test
    void constants() {
        assertEquals("[2., 2.]  F32[2]",
                Initialiser.constant(2).draw(Shape.of(2), DType.F32, Rng.seed(1)).toString());
        assertEquals("[0., 0.]  F32[2]", Initialiser.zeros().draw(Shape.of(2), DType.F32, Rng.seed(1)).toString());
    }
}
