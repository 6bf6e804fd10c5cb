package io.adjoint.nn.spatial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.Divisor;
import io.adjoint.autodiff.function.Pooling.Maxima;
import io.adjoint.autodiff.function.Rounding;
import io.adjoint.autodiff.function.Window;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.samples.Draw;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PoolsTest {
    private static final Tensor ROW = Tensor.of(new float[] {3, 1, 4, 1, 5, 9, 2}, Shape.of(1, 7));

    /** Windows side by side are an axis of their own, over which pools are reductions. */
    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void windowsSideBySideAreReduced(@ForAll long seed) {
        Draw draw = new Draw(seed, DType.F64);
        int height = draw.between(1, 3);
        int width = draw.between(1, 3);
        int rows = draw.between(1, 3);
        int columns = draw.between(1, 3);
        Tensor x = draw.normal(2, 3, rows * height, columns * width);
        Tensor windows = x.unflatten(3, columns, width).unflatten(2, rows, height).permute(0, 1, 2, 4, 3, 5)
                .flatten(4);
        Tensor max = windows.max(-1);
        Tensor mean = windows.mean(-1);
        assertClose(max, MaxPool.of(height, width).forward(x));
        assertClose(max, MaxPool.of(height, width).maxima(x).values());
        assertClose(max, AdaptiveMaxPool.of(rows, columns).forward(x));
        assertClose(max, AdaptiveMaxPool.of(rows, columns).maxima(x).values());
        assertClose(mean, AveragePool.of(height, width).forward(x));
        assertClose(mean, AdaptiveAveragePool.of(rows, columns).forward(x));
        assertClose(windows.square().sum(-1).sqrt(), new LpPool(2, Window.of(height, width)).forward(x));
        assertClose(windows.abs().pow(3).sum(-1).pow(1 / 3.0),
                new LpPool(3, Window.of(height, width)).forward(x.abs()));
    }

    private static void assertClose(Tensor expected, Tensor found) {
        assertEquals(expected.shape(), found.shape());
        assertTrue(expected.sub(found).abs().max().item() < 1e-12, () -> found + " instead of " + expected);
    }

    /** What is put back is x where it is a maximum of its window, and zero elsewhere; pooled again it is the same. */
    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void maximaArePutBackWhereTheyWere(@ForAll long seed) {
        Draw draw = new Draw(seed, DType.F64);
        int axes = draw.between(1, 3);
        Window window = Window.of(draw.several(axes, 1, 3));
        int[] extents = draw.several(axes, 3, 7);
        Tensor x = draw.normal(Draw.joined(new int[] {2, 2}, extents)).exp();
        MaxPool pool = new MaxPool(window);
        MaxUnpool unpool = new MaxUnpool(window);
        Maxima maxima = pool.maxima(x);
        Tensor back = unpool.forward(maxima, extents);
        assertEquals(x.shape(), back.shape());
        assertTrue(back.eq(0).logicalOr(back.eq(x)).all().item() != 0);
        assertEquals(maxima.values().sum().item(), back.sum().item(), 1e-9);
        assertTrue(pool.forward(back).sameBits(maxima.values()));
        if (IntStream.range(0, axes).allMatch(i -> extents[i] % window.size().get(i) == 0)) {
            assertTrue(unpool.forward(maxima).sameBits(back));
        }
    }

    @Test
    void windowsByHand() {
        assertEquals("[[3., 4., 9.]]  F32[1, 3]", MaxPool.of(2).forward(ROW).toString());
        assertEquals("[[0, 2, 5]]  I64[1, 3]", MaxPool.of(2).maxima(ROW).places().toString());
        assertEquals("[[3., 4., 9., 2.]]  F32[1, 4]",
                new MaxPool(Window.of(2).rounding(Rounding.CEIL)).forward(ROW).toString());
        assertEquals("[[3., 4., 9., 9.]]  F32[1, 4]",
                new MaxPool(Window.of(3).stride(2).padding(1)).forward(ROW).toString());
        assertEquals("[[1.5, 2.5,  3., 4.5]]  F32[1, 4]",
                new AveragePool(Window.of(2).padding(1)).forward(ROW.slice(1, 0, 6)).toString());
        assertEquals("[[ 3., 2.5]]  F32[1, 2]",
                new AveragePool(Window.of(2).stride(2).padding(1), Divisor.IMAGE).forward(ROW.slice(1, 0, 3))
                        .toString());
    }

    @Test
    void placesAreDrawnAnewInTrainingOnly() {
        Tensor x = Rng.seed(1).normal(Shape.of(2, 3, 20, 20), DType.F32);
        FractionalMaxPool pool = FractionalMaxPool.of(List.of(2, 2), FractionalMaxPool.Output.extents(13, 13),
                Rng.seed(2));
        Tensor first = pool.forward(x);
        assertEquals(Shape.of(2, 3, 13, 13), first.shape());
        assertTrue(first.sameBits(pool.forward(x)));
        assertTrue(first.sameBits(Training.scope(() -> pool.forward(x))));
        assertFalse(first.sameBits(Training.scope(() -> pool.forward(x))));
        Tensor places = pool.maxima(x).places();
        assertTrue(pool.forward(x).flatten(2).sameBits(x.flatten(2).gather(-1, places.flatten(2))));
        assertEquals(Shape.of(3, 10, 14), FractionalMaxPool.of(List.of(2, 3), FractionalMaxPool.Output
                .ratios(0.5, 0.7), Rng.seed(2)).forward(x.select(0, 0)).shape());
        assertThrows(ShapeException.class, () -> FractionalMaxPool.Output.ratios(1));
        assertThrows(ShapeException.class, () -> FractionalMaxPool.Output.extents(0));
        assertThrows(ShapeException.class,
                () -> FractionalMaxPool.of(List.of(2), FractionalMaxPool.Output.extents(3, 3), Rng.seed(1)));
        assertThrows(ShapeException.class, () -> new FractionalMaxPool(List.of(2),
                FractionalMaxPool.Output.extents(3), Variable.buffer(Tensor.zeros(2))));
    }

    @Test
    void anExtentOfMinusOneIsThatOfTheImage() {
        Tensor x = Tensor.range(24).cast(DType.F32).reshape(1, 2, 3, 4);
        assertEquals(Shape.of(1, 2, 1, 4), AdaptiveAveragePool.of(1, -1).forward(x).shape());
        assertEquals(Shape.of(1, 2, 3, 2), AdaptiveMaxPool.of(-1, 2).forward(x).shape());
        assertTrue(AdaptiveAveragePool.of(1, 1).forward(x).reshape(2).sameBits(Tensor.of(new float[] {5.5f, 17.5f})));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertEquals("max_pool: too much padding: size [2], padding [2]; expected at most half of the window",
                assertThrows(ShapeException.class, () -> new MaxPool(Window.of(2).padding(2))).getMessage());
        assertThrows(ShapeException.class, () -> new AveragePool(Window.of(3).padding(2)));
        assertThrows(ShapeException.class, () -> new MaxUnpool(Window.of(3).padding(2)));
        assertThrows(ShapeException.class, () -> new LpPool(0, Window.of(2)));
        assertThrows(ShapeException.class, () -> new LpPool(2, Window.of(2).padding(1)));
        assertThrows(ShapeException.class, () -> AdaptiveMaxPool.of(-2));
        assertThrows(ShapeException.class, () -> new AdaptiveAveragePool(List.of()));
        assertEquals("0: max_pool: rank does not fit: input [1, 7], spatial axes 2; expected [channels, extents...] or "
                + "[batch, channels, extents...]",
                assertThrows(ShapeException.class, () -> Sequential.of(MaxPool.of(2, 2)).forward(ROW)).getMessage());
        MaxUnpool unpool = MaxUnpool.of(2);
        Maxima maxima = MaxPool.of(2).maxima(ROW);
        assertEquals(Shape.of(1, 6), unpool.forward(maxima).shape());
        assertEquals(Shape.of(1, 7), unpool.forward(maxima, 7).shape());
        assertThrows(ShapeException.class, () -> unpool.forward(maxima, 3));
        assertThrows(ShapeException.class, () -> unpool.forward(maxima, 1, 7));
    }
}
