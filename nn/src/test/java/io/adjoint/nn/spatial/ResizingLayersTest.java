package io.adjoint.nn.spatial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Corners;
import io.adjoint.autodiff.function.Interpolation;
import io.adjoint.autodiff.function.Rounding;
import io.adjoint.autodiff.function.Scale;
import io.adjoint.autodiff.function.Window;
import io.adjoint.nn.Flatten;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.Unflatten;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Padding, interpolation, and layers that move elements. */
class ResizingLayersTest {
    private static final Tensor X = Rng.seed(1).normal(Shape.of(2, 4, 3, 6), DType.F64);

    @Test
    void padsAreNamedFromTheLastAxisOutwards() {
        Tensor x = Tensor.range(4).cast(DType.F32).reshape(1, 1, 2, 2);
        assertEquals("[[[[7., 0., 1.],\n   [7., 2., 3.],\n   [7., 7., 7.],\n   [7., 7., 7.]]]]  F32[1, 1, 4, 3]",
                Pad.constant(7, 1, 0, 0, 2).forward(x).toString());
        Tensor row = Tensor.range(3).cast(DType.F32).reshape(1, 3);
        assertEquals("[[0., 0., 1., 2., 0.]]  F32[1, 5]", Pad.zeros(1, 1).forward(row).toString());
        assertEquals("[[1., 0., 1., 2., 1., 0.]]  F32[1, 6]", Pad.reflect(1, 2).forward(row).toString());
        assertEquals("[[0., 0., 1., 2., 2., 2.]]  F32[1, 6]", Pad.replicate(1, 2).forward(row).toString());
        assertEquals("[[2., 0., 1., 2., 0., 1.]]  F32[1, 6]", Pad.circular(1, 2).forward(row).toString());
        assertEquals("[[1.]]  F32[1, 1]", Pad.zeros(-1, -1).forward(row).toString());
        assertThrows(ShapeException.class, () -> Pad.zeros(1));
        assertThrows(ShapeException.class, () -> Pad.zeros());
        assertThrows(ShapeException.class, () -> Pad.reflect(3, 0).forward(row));
        assertEquals("pad: fewer axes than pairs: input [3], pairs [1, 1, 1, 1]; expected rank 2 or more",
                assertThrows(ShapeException.class, () -> Pad.zeros(1, 1, 1, 1).forward(Tensor.zeros(3))).getMessage());
    }

    @Test
    void nearestElementsAreRepeated() {
        Tensor twice = X.repeatInterleave(2, 2).repeatInterleave(3, 3);
        assertTrue(Upsample.by(2, 3).forward(X).sameBits(twice));
        assertTrue(Upsample.to(6, 18).forward(X).sameBits(twice));
        assertTrue(Upsample.to(6, 18).withMode(Interpolation.NEAREST_EXACT).forward(X).sameBits(twice));
        assertTrue(Upsample.to(3, 3).withMode(Interpolation.AREA).forward(X).sub(AveragePool.of(1, 2).forward(X)).abs()
                .max().item() < 1e-14);
    }

    @Test
    void aRampIsDividedBetweenCornersOrEdges() {
        Tensor ramp = Tensor.range(3).cast(DType.F32).reshape(1, 1, 3);
        Upsample linear = Upsample.to(5).withMode(Interpolation.LINEAR);
        assertEquals("[[[ 0., 0.5,  1., 1.5,  2.]]]  F32[1, 1, 5]",
                linear.withCorners(Corners.CENTRES).forward(ramp).toString());
        assertEquals("[[[  0., 0.25, 0.75, 1.25, 1.75,   2.]]]  F32[1, 1, 6]",
                Upsample.by(2).withMode(Interpolation.LINEAR).forward(ramp).toString());
        Upsample given = Upsample.by(1.5).withMode(Interpolation.LINEAR); // to 4, which is 4/3 times as many
        Upsample recomputed = new Upsample(new Upsample.Factors(List.of(1.5), Scale.OF_EXTENTS), Interpolation.LINEAR,
                Corners.EDGES);
        assertTrue(recomputed.forward(ramp).sameBits(Upsample.to(4).withMode(Interpolation.LINEAR).forward(ramp)));
        assertTrue(given.forward(ramp).sub(recomputed.forward(ramp)).abs().max().item() > 0.1);
    }

    @Test
    void upsamplesThatCannotBeAreRefused() {
        assertEquals(
                "upsample: no such factors: factors [0.0]; expected a number above 0 for each spatial axis, or for "
                        + "all",
                assertThrows(ShapeException.class, () -> Upsample.by(0)).getMessage());
        assertThrows(ShapeException.class, () -> Upsample.by(Double.NaN));
        assertThrows(ShapeException.class, () -> Upsample.by());
        assertThrows(ShapeException.class, () -> Upsample.to(0));
        assertThrows(ShapeException.class, () -> Upsample.to(2, 2, 2).forward(X));
    }

    @Test
    void patchesSideBySideAreFoldedBack() {
        Window window = Window.of(3, 2).stride(3, 2);
        Tensor patches = new Unfold(window).forward(X);
        assertEquals(Shape.of(2, 24, 3), patches.shape());
        assertTrue(new Fold(List.of(3, 6), window).forward(patches).sameBits(X));
        Window sliding = Window.of(2, 2);
        assertEquals(Shape.of(2, 16, 10), new Unfold(sliding).forward(X).shape(), "a stride of 1");
        Tensor counts = new Fold(List.of(3, 6), sliding)
                .forward(new Unfold(sliding).forward(Tensor.ones(1, 1, 3, 6)));
        assertEquals("[1., 2., 2., 2., 2., 1.]  F32[6]", counts.select(2, 0).reshape(6).toString());
        assertThrows(ShapeException.class, () -> new Unfold(Window.of(2).rounding(Rounding.CEIL)));
        assertThrows(ShapeException.class, () -> new Fold(List.of(3, 6), Window.of(2)));
        assertThrows(ShapeException.class, () -> new Fold(List.of(0, 6), sliding));
    }

    @Test
    void shufflesAreUndone() {
        assertEquals(Shape.of(2, 1, 6, 12), new PixelShuffle(2).forward(X).shape());
        assertTrue(Sequential.of(new PixelShuffle(2), new PixelUnshuffle(2)).forward(X).sameBits(X));
        assertTrue(Sequential.of(new PixelUnshuffle(3), new PixelShuffle(3)).forward(X).sameBits(X));
        Tensor dealt = new ChannelShuffle(2).forward(X);
        assertTrue(dealt.sameBits(X.indexSelect(1, Tensor.of(new long[] {0, 2, 1, 3}))));
        assertTrue(Sequential.of(Flatten.examples(), Unflatten.of(1, 4, -1, 6)).forward(X).sameBits(X));
        assertEquals(Shape.of(2, 12, 6), new Flatten(1, 2).forward(X).shape());
        assertThrows(ShapeException.class, () -> new PixelShuffle(0));
        assertThrows(ShapeException.class, () -> new PixelUnshuffle(0));
        assertThrows(ShapeException.class, () -> new ChannelShuffle(0));
        assertThrows(ShapeException.class, () -> Unflatten.of(1, -1, -1));
        assertThrows(ShapeException.class, () -> Unflatten.of(1));
        assertThrows(ShapeException.class, () -> Unflatten.of(1, 5).forward(X));
    }

    /** k + alpha mean: with size 1, each channel alone. */
    @Test
    void responsesAreDividedByTheirNeighbours() {
        Tensor alone = new LocalResponseNorm(1, 2, 0.5, 3).forward(X);
        assertTrue(X.div(X.square().mul(2).add(3).sqrt()).sub(alone).abs().max().item() < 1e-14);
        Tensor three = LocalResponseNorm.of(3).forward(X).select(1, 1);
        Tensor mean = X.square().slice(1, 0, 3).mean(1);
        assertTrue(X.select(1, 1).div(mean.mul(1e-4).add(1).pow(0.75)).sub(three).abs().max().item() < 1e-14);
        assertThrows(ShapeException.class, () -> LocalResponseNorm.of(0));
    }
}
