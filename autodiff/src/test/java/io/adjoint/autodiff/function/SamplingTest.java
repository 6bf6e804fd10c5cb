package io.adjoint.autodiff.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Sampling.Replacement;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

class SamplingTest {
    /** One draw after the other, each from the weights that are left. */
    @Property(tries = 200, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void withoutReplacementNothingIsDrawnTwice(@ForAll long seed) {
        Rng rng = Rng.seed(seed);
        Tensor weights = rng.stream(1).uniform(Shape.of(3, 60), DType.F64).add(0.01);
        Tensor drawn = Sampling.multinomial(rng, weights, 60, Replacement.WITHOUT);
        for (int i = 0; i < 60; i += 7) {
            Tensor next = drawn.slice(1, i, i + 1);
            assertTrue(next.sameBits(Sampling.categorical(rng, weights.log()).unsqueeze(1)), "draw " + i);
            assertTrue(drawn.slice(1, i, 60).sameBits(
                    Sampling.multinomial(rng, weights, 60 - i, Replacement.WITHOUT)), "from draw " + i);
            Tensor gone = drawn.slice(1, i, Math.min(60, i + 7));
            weights = weights.add(Tensor.zeros(weights.shape(), DType.F64)
                    .scatterAdd(1, gone, weights.gather(1, gone).neg()));
        }
        assertEquals(3 * 60, drawn.sort(1).values().eq(Tensor.range(60)).sum().item());
    }
}
