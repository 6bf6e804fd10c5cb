package io.adjoint.autodiff.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class CopiesTest {
    @Property(tries = 300)
    void aCopyIsContiguousAndHoldsTheSameElements(@ForAll DType type, @ForAll long seed) {
        Samples samples = new Samples(seed);
        Array view = samples.view(type, samples.shape(0, 4, 40));
        Array copy = Copies.contiguous(view);
        assertTrue(copy.isContiguous());
        Elements.assertSameBits(view, copy, "copy");
    }

    @Property(tries = 50)
    void whatIsContiguousIsNotCopied(@ForAll DType type, @ForAll long seed) {
        Samples samples = new Samples(seed);
        Array dense = samples.dense(type, samples.shape(0, 4, 9));
        assertSame(dense, Copies.contiguous(dense));
        assertEquals(0, Copies.contiguous(samples.dense(type, Shape.of(3, 0, 2))).size());
    }
}
