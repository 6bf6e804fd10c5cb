package io.adjoint.autodiff.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** A row operation has the bits of the composition that it stands for, along every axis and in every layout. */
class RowOpTest {
    @Property(tries = 300)
    void softmaxIsItsComposition(@ForAll long seed, @ForAll boolean twice) {
        Sampler sampler = new Sampler(seed, twice ? DType.F64 : DType.F32);
        Tensor x = sampler.tensor(sampler.filled(1, 4), Domain.REAL);
        int axis = sampler.between(0, x.rank() - 1);
        Tensor shifted = x.sub(x.max(Axes.keep(axis)));
        Tensor e = shifted.exp();
        Tensor total = e.sum(Axes.keep(axis));
        assertTrue(x.softmax(axis).sameBits(e.div(total)), () -> "softmax of " + x);
        assertTrue(x.logSoftmax(axis).sameBits(shifted.sub(total.log())), () -> "log softmax of " + x);
    }

    @Property(tries = 300)
    void crossEntropyIsItsComposition(@ForAll long seed) {
        Sampler sampler = new Sampler(seed, DType.F32);
        Tensor logits = sampler.tensor(sampler.filled(2, 2), Domain.REAL);
        Tensor labels = sampler.indices(logits.shape(), logits.dim(1)).select(1, 0);
        Tensor shifted = logits.sub(logits.max(Axes.keep(1)));
        Tensor chosen = shifted.gather(1, labels.unsqueeze(1)).squeeze(1);
        assertTrue(logits.crossEntropy(labels).sameBits(shifted.exp().sum(1).log().sub(chosen)),
                () -> "cross entropy of " + logits + " and " + labels);
    }

    @Test
    void crossEntropyIsStableForLogitsOfTenThousand() {
        Tensor logits = Tensor.of(new float[] {1e4f, -1e4f, 0, -1e4f, 1e4f, 0}, 2, 3).tracked();
        Tensor losses = logits.crossEntropy(Tensor.of(new long[] {0, 0}));
        assertEquals(0, losses.select(0, 0).item());
        assertEquals(2e4, losses.select(0, 1).item());
        Tensor gradient = losses.sum().gradients(logits).of(logits);
        assertTrue(gradient.sameBits(Tensor.of(new float[] {0, 0, 0, -1, 1, 0}, 2, 3)), gradient::toString);
    }

    @Property(tries = 300)
    void normaliseIsItsComposition(@ForAll long seed, @ForAll boolean twice) {
        Sampler sampler = new Sampler(seed, twice ? DType.F64 : DType.F32);
        Tensor x = sampler.tensor(sampler.filled(1, 4), Domain.REAL);
        Tensor g = sampler.tensor(x.shape(), Domain.REAL);
        Tensor weight = sampler.tensor(Shape.of(x.dim(-1)), Domain.REAL);
        Tensor bias = sampler.tensor(x.shape().with(-1, 1), Domain.REAL);
        for (Centre centre : Centre.values()) {
            Tensor centred = centred(centre, x);
            Tensor scale = centred.square().mean(Axes.keep(-1)).add(1e-5).sqrt().rdiv(1);
            Tensor y = centred.mul(scale);
            assertTrue(new Normalise(centre, 1e-5).apply(x, weight, bias).sameBits(y.mul(weight).add(bias)),
                    () -> centre + " of " + x);
            Tensor along = g.mul(y).mean(Axes.keep(-1));
            assertTrue(new NormaliseGradient(centre, 1e-5).apply(g, x)
                    .sameBits(centred(centre, g).sub(y.mul(along)).mul(scale)), () -> centre + " of " + g + " at " + x);
        }
        Tensor centred = centred(Centre.MEAN, x);
        Tensor moments = new Moments().apply(x);
        assertTrue(moments.slice(-1, 0, 1).sameBits(x.mean(Axes.keep(-1))), () -> "mean of " + x);
        assertTrue(moments.slice(-1, 1, 2).sameBits(centred.square().mean(Axes.keep(-1))), () -> "variance of " + x);
    }

    private static Tensor centred(Centre centre, Tensor x) {
        return switch (centre) {
            case MEAN -> x.sub(x.mean(Axes.keep(-1)));
            case ZERO -> x;
        };
    }
}
