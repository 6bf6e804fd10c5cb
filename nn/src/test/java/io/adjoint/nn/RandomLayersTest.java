package io.adjoint.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

/** Layers that draw while training, beside {@link Dropout}. */
class RandomLayersTest {
    private static final int COUNT = 40_000;
    /** What SELU tends to for small inputs. */
    private static final double LIMIT = -1.7580993408473766;

    private static Tensor train(Layer layer, Tensor x) {
        return Training.scope(() -> layer.forward(x));
    }

    /** Mean and variance of standard normal numbers stay; of 40,000 they may be off by six deviations. */
    private static void assertStandard(Tensor y, double deviations) {
        assertEquals(0, y.mean().item(), deviations / Math.sqrt(COUNT));
        assertEquals(1, y.var().item(), deviations * Math.sqrt(2.0 / COUNT) * 2);
    }

    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void alphaDropoutKeepsMeanAndVariance(@ForAll @DoubleRange(min = 0.05, max = 0.8) double p, @ForAll long seed) {
        Tensor x = Rng.seed(seed).normal(Shape.of(COUNT), DType.F64);
        assertStandard(train(AlphaDropout.of(p, Rng.seed(seed).stream(1)), x), 6);
    }

    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void featureAlphaDropoutDropsWholeChannels(@ForAll @DoubleRange(min = 0.05, max = 0.6) double p,
            @ForAll long seed) {
        Tensor x = Rng.seed(seed).normal(Shape.of(100, 200, 2), DType.F64);
        Tensor y = train(FeatureAlphaDropout.of(p, Rng.seed(seed).stream(1)), x);
        assertStandard(y, 10);
        double dropped = LIMIT * (1 - p) / Math.sqrt((1 - p) * (1 + p * LIMIT * LIMIT));
        Tensor isDropped = y.sub(dropped).abs().lt(1e-12);
        assertTrue(isDropped.select(2, 0).eq(isDropped.select(2, 1)).all().item() == 1, "whole channels");
        assertEquals(p, isDropped.cast(DType.F64).mean().item(), 6 * Math.sqrt(p * (1 - p) / 20_000));
    }

    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void channelsAreDroppedAsAWhole(@ForAll @DoubleRange(min = 0.05, max = 0.95) double p, @ForAll long seed) {
        Rng rng = Rng.seed(seed);
        for (ChannelDropout layer : List.of(ChannelDropout.of1d(p, rng), ChannelDropout.of2d(p, rng),
                ChannelDropout.of3d(p, rng))) {
            int[] batch = {40, 50, 3, 2, 2};
            Tensor x = Tensor.ones(Arrays.copyOf(batch, layer.places() + 2));
            Tensor channels = train(layer, x).flatten(2);
            assertTrue(channels.eq(channels.slice(2, 0, 1)).all().item() == 1, "a channel in parts");
            assertEquals(p, channels.select(2, 0).eq(0).cast(DType.F64).mean().item(),
                    6 * Math.sqrt(p * (1 - p) / 2000));
            assertEquals(1 / (1 - p), channels.max().item(), 1e-5);
            Tensor one = train(layer, x.select(0, 0)).flatten(1);
            assertTrue(one.eq(one.slice(1, 0, 1)).all().item() == 1, "a channel of one example in parts");
            assertFalse(one.eq(one.slice(0, 0, 1)).all().item() == 1 && p > 0.3 && p < 0.7, "all channels alike");
        }
    }

    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void slopesAreSpreadEvenly(@ForAll long seed) {
        RRelu layer = RRelu.of(0.2, 0.6, Rng.seed(seed));
        Tensor y = train(layer, Tensor.full(Shape.of(COUNT), DType.F64, -1)).neg();
        assertTrue(y.min().item() >= 0.2 && y.max().item() < 0.6);
        assertEquals(0.4, y.mean().item(), 6 * 0.4 / Math.sqrt(12.0 * COUNT));
        assertEquals(0.4 * 0.4 / 12, y.var().item(), 0.001);
        assertArrayEquals(new double[] {3, -0.8}, layer.forward(Tensor.of(new double[] {3, -2})).toDoubles(), 1e-15);
        assertEquals(3, train(layer, Tensor.of(new double[] {3})).item());
    }

    @Test
    void everyCallDrawsAnewAndInferenceDrawsNothing() {
        Tensor x = Tensor.full(Shape.of(8, 16, 2), DType.F32, -1);
        Rng rng = Rng.seed(3);
        RRelu slopes = RRelu.of(rng);
        AlphaDropout alpha = AlphaDropout.of(0.5, rng);
        FeatureAlphaDropout features = FeatureAlphaDropout.of(0.5, rng);
        ChannelDropout channels = ChannelDropout.of1d(0.5, rng);
        for (Layer layer : List.of(slopes, alpha, features, channels)) {
            assertEquals(List.of("key"), List.copyOf(layer.variables().keySet()));
            assertFalse(train(layer, x).sameBits(train(layer, x)), layer.toString());
            Tensor key = layer.variables().get("key").value();
            Tensor y = layer.forward(x);
            assertTrue(key.sameBits(layer.variables().get("key").value()));
            if (layer != slopes) {
                assertSame(x, y);
            }
        }
    }

    @Test
    void theExtremes() {
        Tensor x = Rng.seed(1).normal(Shape.of(2, 3, 4), DType.F32);
        for (double p : new double[] {0, 1}) {
            for (Layer layer : List.of(AlphaDropout.of(p, Rng.seed(2)), FeatureAlphaDropout.of(p, Rng.seed(2)),
                    ChannelDropout.of1d(p, Rng.seed(2)))) {
                assertArrayEquals(x.mul(1 - p).toFloats(), train(layer, x).toFloats(), 0f);
            }
        }
    }

    @Test
    void refusals() {
        assertEquals("channel_dropout: the number of axes is another: input [3]; "
                + "expected [n, channels, ...] or [channels, ...] with 2 axes of places",
                assertThrows(ShapeException.class,
                        () -> ChannelDropout.of2d(0.5, Rng.seed(1)).forward(Tensor.zeros(3))).getMessage());
        assertEquals("alpha_dropout: not a probability: probability -0.5; expected 0 to 1",
                assertThrows(ShapeException.class, () -> AlphaDropout.of(-0.5, Rng.seed(1))).getMessage());
        assertEquals("rrelu: the bounds are crossed: lower 1.0, upper 0.5; expected lower at most upper",
                assertThrows(ShapeException.class, () -> RRelu.of(1, 0.5, Rng.seed(1))).getMessage());
    }
}
