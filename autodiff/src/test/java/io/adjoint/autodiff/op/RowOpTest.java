package io.adjoint.autodiff.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Threads;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(ints = {3, 17, 64, 65, 200})
    void softmaxOfSpecialNumbersIsItsComposition(int columns) {
        float[] special = {0f, -0f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, -Float.MAX_VALUE,
            Float.intBitsToFloat(0xffc00000), -Float.MIN_VALUE, -300};
        int rows = 64;
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            // Each row knows some special numbers only, in an order of its own; the first rows have one number.
            int row = i / columns;
            values[i] = special[row < special.length ? row : i * 7 % (row % special.length + 1)];
        }
        Tensor x = Tensor.of(values, rows, columns);
        Tensor shifted = x.sub(x.max(Axes.keep(1)));
        Tensor total = shifted.exp().sum(Axes.keep(1));
        assertTrue(x.softmax(1).sameBits(shifted.exp().div(total)));
        assertTrue(x.logSoftmax(1).sameBits(shifted.sub(total.log())));
        Tensor labels = Tensor.full(Shape.of(rows), DType.I64, columns - 1);
        assertTrue(x.crossEntropy(labels).sameBits(total.log().sub(shifted.slice(1, columns - 1, columns)).squeeze(1)));
    }

    @Property(tries = 300)
    void softmaxGradientsAreTheirCompositions(@ForAll long seed, @ForAll boolean twice) {
        Sampler sampler = new Sampler(seed, twice ? DType.F64 : DType.F32);
        Tensor g = sampler.tensor(sampler.filled(1, 4), Domain.REAL);
        int axis = sampler.between(0, g.rank() - 1);
        Tensor y = sampler.tensor(g.shape(), Domain.REAL).softmax(axis);
        Tensor weighted = g.mul(y);
        assertTrue(new SoftmaxGradient(axis).apply(g, y).sameBits(weighted.sub(y.mul(weighted.sum(Axes.keep(axis))))),
                () -> "gradient of softmax " + y);
        assertTrue(new LogSoftmaxGradient(axis).apply(g, y.log())
                .sameBits(g.sub(y.log().exp().mul(g.sum(Axes.keep(axis))))), () -> "gradient of log softmax " + y);
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

    @Property(tries = 400)
    void normaliseIsItsComposition(@ForAll long seed, @ForAll boolean twice, @ForAll Span span) {
        Sampler sampler = new Sampler(seed, twice ? DType.F64 : DType.F32);
        Tensor x = sampler.tensor(sampler.filled(span.leastRank(), span.mostRank()), Domain.REAL);
        normaliseIsItsComposition(sampler, span, x);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 31, 32, 33, 200})
    void longRowsAreTheirComposition(int places) {
        Sampler sampler = new Sampler(places, DType.F32);
        for (int examples : List.of(1, 3, 40)) {
            Tensor x = sampler.tensor(Shape.of(places, examples, 5), Domain.REAL).permute(1, 2, 0);
            normaliseIsItsComposition(sampler, Span.CHANNEL, x);
        }
    }

    /** More than are worked on at a time. */
    @ParameterizedTest
    @ValueSource(ints = {1, 5, 64, 300})
    void manyLongRowsAreTheirComposition(int places) {
        Sampler sampler = new Sampler(places, DType.F32);
        for (int threads : List.of(1, 2, 3)) {
            Tensor x = sampler.tensor(Shape.of(150, 37, places), Domain.REAL);
            Threads.limit(threads, () -> {
                normaliseIsItsComposition(sampler, Span.CHANNEL, x);
                return x;
            });
        }
    }

    private static void normaliseIsItsComposition(Sampler sampler, Span span, Tensor x) {
        Tensor g = sampler.tensor(x.shape(), Domain.REAL);
        Tensor weight = sampler.tensor(Shape.of(x.dim(-1)), Domain.REAL);
        Tensor bias = sampler.tensor(x.shape().with(-1, 1), Domain.REAL);
        Tensor number = sampler.tensor(x.rank() > 1 ? Shape.of(x.dim(-2), 1) : Shape.of(1), Domain.REAL);
        for (Centre centre : Centre.values()) {
            Tensor centred = centred(span, centre, x);
            Tensor scale = mean(span, centred.square()).add(1e-5).sqrt().rdiv(1);
            Tensor y = centred.mul(scale);
            assertTrue(new Normalise(span, centre, 1e-5).apply(x, weight, bias).sameBits(y.mul(weight).add(bias)),
                    () -> centre + " of " + x);
            Tensor byScale = sum(span, g.mul(y));
            assertTrue(new NormaliseScaleGradient(span, centre, 1e-5).apply(g, x).sameBits(byScale),
                    () -> centre + " by the scale of " + g + " at " + x);
            for (Tensor w : List.of(weight, bias, number)) {
                Tensor scaled = span.isNumber(w.shape()) ? g : g.mul(w);
                Tensor along = mean(span, scaled.mul(y));
                Tensor factor = span.isNumber(w.shape()) ? scale.mul(w) : scale;
                assertTrue(new NormaliseGradient(span, centre, 1e-5).apply(g, x, w)
                        .sameBits(centred(span, centre, scaled).sub(y.mul(along)).mul(factor)),
                        () -> centre + " of " + g + " at " + x);
            }
        }
        Tensor moments = new Moments(span).apply(x);
        Tensor mean = mean(span, x);
        Tensor variance = mean(span, centred(span, Centre.MEAN, x).square());
        assertTrue(moments.slice(-1, 0, 1).sameBits(mean), () -> "mean of " + x);
        assertTrue(moments.slice(-1, 1, 2).sameBits(variance), () -> "variance of " + x);
    }

    private static Tensor centred(Span span, Centre centre, Tensor x) {
        return switch (centre) {
            case MEAN -> x.sub(mean(span, x));
            case ZERO -> x;
        };
    }

    /** The order of the sums, said once more. */
    private static Tensor mean(Span span, Tensor x) {
        return sum(span, x).div(span == Span.CHANNEL ? x.dim(0) * x.dim(2) : x.dim(-1));
    }

    private static Tensor sum(Span span, Tensor x) {
        return switch (span) {
            case LAST_AXIS -> x.sum(Axes.keep(-1));
            case CHANNEL -> x.sum(2).sum(Axes.keep(0)).transpose();
        };
    }
}
