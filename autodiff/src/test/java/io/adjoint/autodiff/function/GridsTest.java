package io.adjoint.autodiff.function;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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

class GridsTest {
    private static final double NAN = Double.NaN;

    /** Where a grid's number lies in an axis. */
    private static double position(double point, int extent, Corners corners) {
        return corners == Corners.CENTRES ? (point + 1) / 2 * (extent - 1) : ((point + 1) * extent - 1) / 2;
    }

    /** A position brought inside, one reflection at a time. */
    private static double inside(double position, int extent, Outside outside, Corners corners) {
        if (outside == Outside.ZEROS) {
            return position;
        }
        double low = corners == Corners.CENTRES ? 0 : -0.5;
        double high = corners == Corners.CENTRES ? extent - 1 : extent - 0.5;
        while (outside == Outside.REFLECTION && high > low && (position < low || position > high)) {
            position = position < low ? 2 * low - position : 2 * high - position;
        }
        return Math.max(0, Math.min(extent - 1, position));
    }

    /** The weight of an element at a distance. */
    private static double weight(double x, SampleMode mode) {
        double d = Math.abs(x);
        return switch (mode) {
            case NEAREST -> d == 0 ? 1 : 0;
            case LINEAR -> Math.max(0, 1 - d);
            case CUBIC -> d < 1 ? (1.25 * d - 2.25) * d * d + 1
                    : d < 2 ? -0.75 * (((d - 5) * d + 8) * d - 4) : 0;
        };
    }

    /** The sum over whole positions around the point of weight times element. */
    private static double naive(double[] plane, int[] extents, double[] point, SampleMode mode, Outside outside,
            Corners corners) {
        int axes = extents.length;
        double sum = 0;
        int around = 6;
        for (int i = 0; i < Math.pow(around, axes); i++) {
            int rest = i;
            double weight = 1;
            int place = 0;
            for (int a = 0; a < axes; a++) {
                double at = position(point[axes - 1 - a], extents[a], corners);
                at = mode == SampleMode.CUBIC ? at : inside(at, extents[a], outside, corners);
                at = mode == SampleMode.NEAREST ? Math.rint(at) : at;
                double whole = Math.floor(at) + rest % around - 2;
                rest /= around;
                weight *= weight(at - whole, mode);
                double element = mode == SampleMode.CUBIC ? inside(whole, extents[a], outside, corners) : whole;
                if (element < 0 || element >= extents[a]) {
                    weight = 0;
                } else {
                    place = place * extents[a] + (int) Math.rint(element);
                }
            }
            sum += weight == 0 ? 0 : weight * plane[place];
        }
        return sum;
    }

    @Property(tries = 200, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void aSampleIsTheWeightedSumOfItsNeighbours(@ForAll long seed) {
        Random random = new Random(seed);
        SampleMode mode = SampleMode.values()[random.nextInt(3)];
        Outside outside = Outside.values()[random.nextInt(3)];
        Corners corners = Corners.values()[random.nextInt(2)];
        int axes = mode == SampleMode.CUBIC ? 2 : 2 + random.nextInt(2);
        int[] extents = random.ints(axes, 1, 5).toArray();
        int[] images = new int[axes + 2];
        int[] grids = new int[axes + 2];
        images[0] = 2;
        images[1] = 2;
        System.arraycopy(extents, 0, images, 2, axes);
        grids[0] = 2;
        grids[1] = 3;
        Arrays.fill(grids, 2, axes + 1, 2);
        grids[axes + 1] = axes;
        Tensor x = Rng.seed(seed).stream(0).normal(Shape.of(images), DType.F64);
        Tensor grid = Rng.seed(seed).stream(1).normal(Shape.of(grids), DType.F64);
        String label = mode + " " + outside + " " + corners + " " + x.shape() + ", seed " + seed;
        Tensor out = Grids.sample(x, grid, mode, outside, corners);
        Tensor planes = x.flatten(2);
        Tensor points = grid.reshape(2, -1, axes);
        double[] found = out.flatten(2).toDoubles();
        for (int i = 0; i < found.length; i++) {
            int p = i % points.dim(1);
            int n = i / points.dim(1) / 2;
            double[] plane = planes.select(0, n).select(0, i / points.dim(1) % 2).toDoubles();
            double[] point = points.select(0, n).select(0, p).toDoubles();
            assertEquals(naive(plane, extents, point, mode, outside, corners), found[i], 1e-11, label);
        }
    }

    @Property(tries = 40, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void gradientsOfBothOrdersEqualDifferences(@ForAll long seed) {
        Random random = new Random(seed);
        SampleMode mode = SampleMode.values()[random.nextInt(3)];
        Outside outside = Outside.values()[random.nextInt(3)];
        Corners corners = Corners.values()[random.nextInt(2)];
        // positions are a quarter off the whole ones and the middles between them
        int[] extents = {3, 5};
        double[] points = new double[12];
        for (int i = 0; i < points.length; i++) {
            int extent = extents[1 - i % 2];
            double at = random.nextInt(-4, extent + 4) + (random.nextBoolean() ? 0.25 : -0.25);
            points[i] = corners == Corners.CENTRES ? 2 * at / (extent - 1) - 1 : (2 * at + 1) / extent - 1;
        }
        Tensor grid = Tensor.of(points, 1, 2, 3, 2);
        Tensor x = Rng.seed(seed).normal(Shape.of(1, 2, 3, 5), DType.F64);
        GradientCheck.of(mode + " " + outside + " " + corners).withSeed(seed)
                .check(in -> Grids.sample(in.getFirst(), in.get(1), mode, outside, corners).square(), x, grid);
        Tensor theta = Rng.seed(seed).stream(7).normal(Shape.of(2, 2, 3), DType.F64);
        GradientCheck.of("affine").withSeed(seed)
                .check(in -> Grids.affine(in.getFirst(), corners, 2, 3).square(), theta);
    }

    @Test
    void theIdentityMapGivesTheImageItself() {
        for (Corners corners : Corners.values()) {
            Tensor identity = Tensor.of(new double[] {1, 0, 0, 0, 1, 0}, 1, 2, 3);
            Tensor x = Rng.seed(3).normal(Shape.of(1, 2, 4, 3), DType.F64);
            Tensor same =
                    Grids.sample(x, Grids.affine(identity, corners, 4, 3), SampleMode.LINEAR, Outside.ZEROS, corners);
            assertArrayEquals(x.toDoubles(), same.toDoubles(), 1e-13);
        }
        Tensor cube = Tensor.of(new double[] {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0.5}, 1, 3, 4);
        Tensor grid = Grids.affine(cube, Corners.CENTRES, 2, 1, 3);
        assertEquals(Shape.of(1, 2, 1, 3, 3), grid.shape());
        assertArrayEquals(new double[] {-1, 0, -0.5, 0, 0, -0.5, 1, 0, -0.5, -1, 0, 1.5, 0, 0, 1.5, 1, 0, 1.5},
                grid.toDoubles(), 1e-15);
    }

    @Test
    void notANumberIsTheFirstElementWherePositionsAreClipped() {
        Tensor x = Tensor.of(new double[] {1, 2, 3}, 1, 1, 1, 3);
        Tensor grid = Tensor.of(new double[] {NAN, 0}, 1, 1, 1, 2);
        assertEquals(1, Grids.sample(x, grid, SampleMode.LINEAR, Outside.BORDER, Corners.EDGES).item());
        assertEquals(1, Grids.sample(x, grid, SampleMode.NEAREST, Outside.REFLECTION, Corners.EDGES).item());
        assertEquals(0, Grids.sample(x, grid, SampleMode.NEAREST, Outside.ZEROS, Corners.EDGES).item());
        assertTrue(Double.isNaN(Grids.sample(x, grid).item()));
        Tensor far = Tensor.of(new double[] {Double.POSITIVE_INFINITY, 0, 1e300, 0}, 1, 1, 2, 2);
        assertArrayEquals(new double[] {3, 3},
                Grids.sample(x, far, SampleMode.LINEAR, Outside.BORDER, Corners.EDGES).toDoubles());
    }

    /** Halfway between two elements the even one is taken; on a border the position is constant. */
    @Test
    void kinks() {
        Tensor x = Tensor.of(new double[] {1, 2, 4}, 1, 1, 1, 3);
        Tensor grid = Tensor.of(new double[] {-0.5, 0, 0.5, 0, 1, 0}, 1, 1, 3, 2).tracked();
        assertArrayEquals(new double[] {1, 4, 4},
                Grids.sample(x, grid, SampleMode.NEAREST, Outside.ZEROS, Corners.CENTRES).toDoubles());
        Tensor linear = Grids.sample(x, grid, SampleMode.LINEAR, Outside.BORDER, Corners.CENTRES);
        assertArrayEquals(new double[] {1.5, 3, 4}, linear.toDoubles());
        assertArrayEquals(new double[] {1, 0, 2, 0, 0, 0}, linear.sum().gradients(grid).of(grid).toDoubles());
    }

    @Test
    void callsThatDoNotFitAreRefused() {
        Tensor x = Tensor.zeros(1, 2, 3, 3);
        assertEquals(
                "grid_sample: images and grid do not fit: images [1, 2, 3, 3], grid [2, 1, 1, 2], mode LINEAR; expected "
                        + "[n, c, h, w] and [n, oh, ow, 2], or [n, c, d, h, w] and [n, od, oh, ow, 3] if not CUBIC",
                assertThrows(ShapeException.class, () -> Grids.sample(x, Tensor.zeros(2, 1, 1, 2))).getMessage());
        assertThrows(ShapeException.class, () -> Grids.sample(x, Tensor.zeros(1, 1, 1, 3)));
        assertThrows(ShapeException.class, () -> Grids.sample(Tensor.zeros(1, 2, 0, 3), Tensor.zeros(1, 1, 1, 2)));
        assertThrows(ShapeException.class, () -> Grids.sample(Tensor.zeros(1, 1, 2, 2, 2),
                Tensor.zeros(1, 1, 1, 1, 3), SampleMode.CUBIC, Outside.ZEROS, Corners.EDGES));
        assertThrows(ShapeException.class, () -> Grids.affine(Tensor.zeros(1, 2, 3), Corners.EDGES, 2, 0));
        assertThrows(ShapeException.class, () -> Grids.affine(Tensor.zeros(1, 2, 3), Corners.EDGES, 2, 2, 2));
        assertThrows(ShapeException.class,
                () -> Grids.affine(Tensor.zeros(1, 2, 3), Corners.EDGES, 65536, 65536));
    }
}
