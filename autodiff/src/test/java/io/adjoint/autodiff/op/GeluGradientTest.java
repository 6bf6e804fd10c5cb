package io.adjoint.autodiff.op;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class GeluGradientTest {
    @Property(tries = 300)
    void isItsComposition(@ForAll long seed, @ForAll boolean twice) {
        Sampler sampler = new Sampler(seed, twice ? DType.F64 : DType.F32);
        Tensor x = sampler.tensor(sampler.filled(1, 3), Domain.REAL).mul(sampler.between(1, 9));
        Tensor g = sampler.tensor(x.shape(), Domain.REAL);
        Tensor density = x.square().mul(-0.5).exp().mul(1 / Math.sqrt(2 * Math.PI));
        Tensor composed = g.mul(x.ndtr().add(x.mul(density)));
        assertTrue(new GeluGradient().apply(g, x).sameBits(composed), () -> "gradient at " + x + " of " + g);
    }
}
