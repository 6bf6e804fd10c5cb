package io.adjoint.autodiff.function;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.Arrays;

/**
 * Images sampled at the points of a grid. A point is {@code (x, y)}, or {@code (x, y, z)}: x belongs to the innermost axis. -1
 * and 1 are the two ends of an axis, by the {@link Corners} its outermost edges or centres.
 */
public final class Grids {
    private Grids() {}

    /** {@link #sample(Tensor, Tensor, SampleMode, Outside, Corners)}, linear, zeros outside, {@link Corners#EDGES}. */
    public static Tensor sample(Tensor images, Tensor grid) {
        return sample(images, grid, SampleMode.LINEAR, Outside.ZEROS, Corners.EDGES);
    }

    /**
     * {@code out[n, c, p] = images[n, c] at the point grid[n, p]}: as {@code torch.nn.functional.grid_sample}. The derivative by
     * the image is the weight of each neighbour; by the grid it is the slope between neighbours, with the position in an
     * image taken as constant on and outside a border that it is clipped to, and 0 for {@code NEAREST}. A NaN in the grid
     * is the first element of the axis where positions are clipped; with zeros outside it gives NaN, for {@code NEAREST} 0.
     *
     * @param images {@code [batch, channels, height, width]} or {@code [batch, channels, depth, height, width]}
     * @param grid {@code [batch, extents..., 2]} with two extents, or {@code [batch, extents..., 3]} with three
     * @return {@code [batch, channels, extents...]}
     * @throws ShapeException if ranks or batches do not fit, an image is empty, or {@code CUBIC} has three axes
     */
    public static Tensor sample(Tensor images, Tensor grid, SampleMode mode, Outside outside, Corners corners) {
        int axes = images.rank() - 2;
        boolean fits = (axes == 2 || axes == 3) && grid.rank() == axes + 2 && grid.dim(-1) == axes
                && grid.dim(0) == images.dim(0) && !(mode == SampleMode.CUBIC && axes == 3);
        for (int axis = 2; fits && axis < images.rank(); axis++) {
            fits = images.dim(axis) > 0;
        }
        if (!fits) {
            throw ShapeException.of("grid_sample", "images and grid do not fit").operand("images", images.shape())
                    .operand("grid", grid.shape()).operand("mode", mode)
                    .expected(
                            "[n, c, h, w] and [n, oh, ow, 2], or [n, c, d, h, w] and [n, od, oh, ow, 3] if not CUBIC");
        }
        DType dtype = DType.promote(DType.F32, DType.promote(images.dtype(), grid.dtype()));
        return new GridSampler(images.cast(dtype), grid.cast(dtype), outside, corners).sample(mode);
    }

    /**
     * {@code grid[n, p] = theta[n] (p, 1)}: the points of a regular grid moved by affine maps, as
     * {@code torch.nn.functional.affine_grid}. An axis of extent 1 has the point 0. Derivative by theta: the points.
     *
     * @param theta {@code [batch, 2, 3]} or {@code [batch, 3, 4]}
     * @param corners which points of the grid are at -1 and 1
     * @param extents of the grid: height and width, or depth, height and width; 1 or more
     * @return {@code [batch, extents..., 2]} or {@code [batch, extents..., 3]}
     * @throws ShapeException if theta or extents do not fit
     */
    public static Tensor affine(Tensor theta, Corners corners, int... extents) {
        int axes = extents.length;
        boolean fits = (axes == 2 || axes == 3) && theta.rank() == 3 && theta.dim(0) > 0 && theta.dim(1) == axes
                && theta.dim(2) == axes + 1
                && Arrays.stream(extents).allMatch(extent -> extent > 0);
        if (!fits) {
            throw ShapeException.of("affine_grid", "theta and extents do not fit").operand("theta", theta.shape())
                    .operand("extents", Arrays.toString(extents))
                    .expected("[n, 2, 3] and two extents, or [n, 3, 4] and three; extents of 1 or more");
        }
        Tensor maps = Floats.of(theta);
        int[] dims = new int[axes + 2];
        dims[0] = theta.dim(0);
        System.arraycopy(extents, 0, dims, 1, axes);
        dims[axes + 1] = axes;
        Shape shape = Shape.of(dims);
        Tensor[] coordinates = new Tensor[axes + 1];
        Shape points = Shape.of(extents);
        for (int i = 0; i < axes; i++) {
            int axis = axes - 1 - i;
            int[] line = new int[axes];
            Arrays.fill(line, 1);
            line[axis] = extents[axis];
            coordinates[i] = Tensor.of(line(extents[axis], corners), line).cast(maps.dtype()).expand(points);
        }
        coordinates[axes] = Tensor.full(points, maps.dtype(), 1);
        Tensor base = Tensor.stack(-1, coordinates).reshape(1, points.size(), axes + 1);
        return base.matmul(maps.transpose()).reshape(shape);
    }

    private static double[] line(int extent, Corners corners) {
        double[] points = new double[extent];
        for (int i = 0; i < extent && extent > 1; i++) {
            points[i] = switch (corners) {
                case EDGES -> (2.0 * i + 1 - extent) / extent;
                case CENTRES -> (2.0 * i + 1 - extent) / (extent - 1);
            };
        }
        return points;
    }
}
