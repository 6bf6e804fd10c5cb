package io.adjoint.autodiff.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.check.GradientCheck;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

class PatchesTest {
    /** A convolution is the product of its weight, as a matrix, with the patches. */
    @Property(tries = 100, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void patchesTimesTheWeightAreTheConvolution(@ForAll long seed) {
        Random random = new Random(seed);
        int axes = 1 + random.nextInt(3);
        int[] size = random.ints(axes, 1, 4).toArray();
        int[] stride = random.ints(axes, 1, 4).toArray();
        int[] padding = random.ints(axes, 0, 3).toArray();
        int[] dilation = random.ints(axes, 1, 3).toArray();
        int[] images = new int[axes + 2];
        int[] weight = new int[axes + 2];
        images[0] = random.nextInt(3);
        images[1] = 1 + random.nextInt(2);
        weight[0] = 2;
        weight[1] = images[1];
        for (int a = 0; a < axes; a++) {
            images[a + 2] = Math.max(1, (size[a] - 1) * dilation[a] + 1 - 2 * padding[a]) + random.nextInt(4);
            weight[a + 2] = size[a];
        }
        Tensor x = Rng.seed(seed).stream(0).normal(Shape.of(images), DType.F64);
        Tensor w = Rng.seed(seed).stream(1).normal(Shape.of(weight), DType.F64);
        Window window = Window.of(size).stride(stride).padding(padding).dilation(dilation);
        Tensor expected = Convolutions.convolve(x, w,
                ConvolutionOptions.DEFAULT.stride(stride).padding(padding).dilation(dilation));
        Tensor patches = Patches.unfold(x, window);
        assertTrue(
                w.flatten(1).matmul(patches).reshape(expected.shape()).sub(expected).abs().lt(1e-12).all().item() == 1);
        // folding is the transpose: <unfold x, p> = <x, fold p>
        Tensor p = Rng.seed(seed).stream(2).normal(patches.shape(), DType.F64);
        int[] extents = Arrays.copyOfRange(images, 2, axes + 2);
        Tensor folded = Patches.fold(p, window, extents);
        assertEquals(x.shape(), folded.shape());
        assertEquals(patches.mul(p).sum().item(), x.mul(folded).sum().item(), 1e-10);
        if (images[0] > 0) {
            assertTrue(folded.select(0, 0).sameBits(Patches.fold(p.select(0, 0), window, extents)));
            assertTrue(patches.select(0, 0).sameBits(Patches.unfold(x.select(0, 0), window)));
        }
        if (seed % 4 == 0) {
            GradientCheck.of("unfold").check(in -> Patches.unfold(in.getFirst(), window).square(), x);
            GradientCheck.of("fold").check(in -> Patches.fold(in.getFirst(), window, extents).square(), p);
        }
    }

    @Test
    void unfoldByHand() {
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5});
        assertEquals("[[1., 2., 3.],\n [3., 4., 5.]]  F32[2, 3]", x.unfold(0, 3, 2).toString());
        assertEquals("[[1., 3.],\n [2., 4.],\n [3., 5.]]  F32[3, 2]", x.unfold(-1, 2, 1, 2).toString());
        assertEquals("[1., 2., 6., 4., 5.]  F32[5]", x.unfold(0, 3, 2).overlapAdd(0, 5, 2, 1).toString());
        assertEquals(Shape.of(6, 0), x.unfold(0, 0, 1).shape());
        assertEquals(Shape.of(1), Tensor.scalar(3).unfold(0, 1, 1).shape());
        assertEquals(Shape.of(0), Tensor.scalar(3).unfold(-1, 0, 5).shape());
        Tensor image = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 1, 2, 3);
        assertEquals("[[1., 2.],\n [2., 3.],\n [4., 5.],\n [5., 6.]]  F32[4, 2]",
                Patches.unfold(image, Window.square(2)).toString());
    }

    @Test
    void windowsThatDoNotFitAreRefused() {
        Tensor x = Tensor.zeros(5);
        assertThrows(ShapeException.class, () -> x.unfold(0, 6, 1));
        assertThrows(ShapeException.class, () -> x.unfold(0, 2, 0));
        assertThrows(ShapeException.class, () -> x.unfold(0, -1, 1));
        assertThrows(ShapeException.class, () -> x.unfold(0, 3, 1, 3));
        assertThrows(ShapeException.class, () -> x.unfold(1, 1, 1));
        assertThrows(ShapeException.class, () -> Patches.unfold(Tensor.zeros(1, 3, 3), Window.square(4)));
        assertThrows(ShapeException.class, () -> Patches.unfold(Tensor.zeros(3, 3), Window.square(2)));
        assertThrows(ShapeException.class, () -> Patches.fold(Tensor.zeros(1, 4, 3), Window.square(2), 3, 3));
        assertThrows(ShapeException.class, () -> Patches.fold(Tensor.zeros(1, 5, 4), Window.square(2), 3, 3));
        assertThrows(ShapeException.class, () -> Window.of(3).stride(1, 2));
        assertThrows(ShapeException.class, Window::of);
    }
}
