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
import java.util.List;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

class FractionalPoolingTest {
    /** The windows one by one, with the formula in Java. */
    @Property(tries = 60, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void eachWindowHasItsMaximum(@ForAll long seed) {
        Random random = new Random(seed);
        int[] size = {1 + random.nextInt(3), 1 + random.nextInt(3)};
        int[] extents = {1 + random.nextInt(3), 1 + random.nextInt(4)};
        Shape shape = Shape.of(2, 3, extents[0] + size[0] - 1 + random.nextInt(4),
                extents[1] + size[1] - 1 + random.nextInt(4));
        // 0.1 apart, so that a small step changes no maximum
        Tensor x = Rng.seed(seed).normal(Shape.of(shape.size()), DType.F64).argsort(0).cast(DType.F64).mul(0.1).sub(1)
                .reshape(shape);
        Tensor samples = Rng.seed(seed).stream(1).uniform(Shape.of(2, 3, 2), DType.F64);
        Pooling.Maxima maxima = FractionalPooling.maxima(x, samples, List.of(size[0], size[1]), extents);
        assertEquals(Shape.of(2, 3, extents[0], extents[1]), maxima.values().shape());
        double[] u = samples.toDoubles();
        double[] values = maxima.values().toDoubles();
        int next = 0;
        for (int n = 0; n < 2; n++) {
            for (int c = 0; c < 3; c++) {
                Tensor plane = x.select(0, n).select(0, c);
                for (int i = 0; i < extents[0]; i++) {
                    for (int j = 0; j < extents[1]; j++) {
                        int top = start(i, extents[0], x.dim(2) - size[0], u[(n * 3 + c) * 2]);
                        int left = start(j, extents[1], x.dim(3) - size[1], u[(n * 3 + c) * 2 + 1]);
                        Tensor window = plane.slice(0, top, top + size[0]).slice(1, left, left + size[1]);
                        assertEquals(window.max().item(), values[next++], "seed " + seed);
                    }
                }
            }
        }
        assertTrue(x.flatten(2).gather(-1, maxima.places().flatten(2)).sameBits(maxima.values().flatten(2)));
        assertTrue(FractionalPooling.max(x.select(0, 1), samples.select(0, 1), List.of(size[0], size[1]), extents)
                .sameBits(maxima.values().select(0, 1)), "one image is as one of a batch");
        GradientCheck.of("fractional_max_pool").withSeed(seed).check(
                in -> FractionalPooling.max(in.getFirst(), samples, List.of(size[0], size[1]), extents).square(), x);
    }

    private static int start(int window, int windows, int room, double u) {
        double step = (double) room / (windows - 1);
        return window == windows - 1 ? room : (int) ((window + u) * step) - (int) (u * step);
    }

    @Test
    void callsThatDoNotFitAreRefused() {
        Tensor x = Tensor.zeros(1, 2, 5);
        Tensor samples = Tensor.zeros(1, 2, 1);
        assertEquals(Shape.of(1, 2, 4), FractionalPooling.max(x, samples, List.of(2), 4).shape());
        assertEquals(
                "fractional_max_pool: extents do not fit: input [1, 2, 5], size [2], extents [5]; expected extents "
                        + "of 1 or more, up to those of the input minus size - 1",
                assertThrows(ShapeException.class, () -> FractionalPooling.max(x, samples, List.of(2), 5))
                        .getMessage());
        assertEquals("fractional_max_pool: samples do not fit the input: samples F32[1, 2], input [1, 2, 5]; expected "
                + "floats of shape [1, 2, 1]",
                assertThrows(ShapeException.class,
                        () -> FractionalPooling.max(x, samples.squeeze(-1), List.of(2), 4)).getMessage());
        assertThrows(ShapeException.class, () -> FractionalPooling.max(x, samples, List.of(2), 0));
        assertThrows(ShapeException.class, () -> FractionalPooling.max(x, samples, List.of(0), 2));
        assertThrows(ShapeException.class, () -> FractionalPooling.max(x, samples, List.of(2), 2, 2));
    }
}
