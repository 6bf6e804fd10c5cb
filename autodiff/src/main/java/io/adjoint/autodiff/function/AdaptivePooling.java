package io.adjoint.autodiff.function;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.AdaptiveMaxPlaces;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Pooling to given extents, whatever those of the images: each axis of extent n is divided into m windows, of which number o
 * is {@code [floor(o n / m), ceil((o + 1) n / m))}. Images are {@code [batch, channels, extents...]}, or {@code [channels,
 * extents...]} for one image; the number of extents asked for says how many of the axes are spatial.
 */
public final class AdaptivePooling {
    private AdaptivePooling() {}

    /**
     * {@code max over x[..., floor(o n / m) : ceil((o + 1) n / m)]}: the axes of extent n divided into m windows, as
     * {@code torch.nn.functional.adaptive_max_pool1d}, {@code 2d} and {@code 3d}. NaN wins; the gradient goes to the first of
     * equals.
     *
     * @param extents the numbers of windows m, one for each spatial axis; -1 stands for the extent that the axis has
     * @throws ShapeException if the rank does not fit, an axis is empty, or a number is below -1
     */
    public static Tensor max(Tensor x, int... extents) {
        return maxima(x, extents).values();
    }

    /** {@link #max} and the places of the maxima, the first of equals, the last NaN. */
    public static Pooling.Maxima maxima(Tensor x, int... extents) {
        List<Integer> windows = windows("adaptive_max_pool", x, extents);
        return Pooling.gathered(x, new AdaptiveMaxPlaces(windows).apply(x.detached()), extents.length);
    }

    /**
     * {@code mean of x[..., floor(o n / m) : ceil((o + 1) n / m)]}: the axes of extent n divided into m windows, as
     * {@code torch.nn.functional.adaptive_avg_pool1d}, {@code 2d} and {@code 3d}. Integers and truth values become F32. The
     * gradient is shared evenly among the elements of a window.
     *
     * @param extents the numbers of windows m, one for each spatial axis; -1 stands for the extent that the axis has
     * @throws ShapeException if the rank does not fit, an axis is empty, or a number is below -1
     */
    public static Tensor average(Tensor x, int... extents) {
        List<Integer> windows = windows("adaptive_average_pool", x, extents);
        int[] dims = x.shape().dims();
        System.arraycopy(Spatial.ints(windows), 0, dims, dims.length - extents.length, extents.length);
        Shape.of(dims); // refuses what is too large before anything is computed
        Tensor means = Floats.of(x);
        for (int axis = 0; axis < extents.length; axis++) {
            means = mean(means, x.rank() - extents.length + axis, windows.get(axis));
        }
        return means;
    }

    private static Tensor mean(Tensor x, int axis, int windows) {
        int extent = x.dim(axis);
        Shape shape = x.shape().with(axis, windows);
        if (extent == windows || shape.size() == 0) {
            return shape.equals(x.shape()) ? x : x.slice(axis, 0, Math.min(1, windows)).expand(shape);
        }
        int[] dims = Arrays.copyOf(shape.dims(), shape.rank() + 1);
        System.arraycopy(dims, axis + 1, dims, axis + 2, shape.rank() - axis - 1);
        dims[axis + 1] = extent / windows;
        if (extent % windows == 0) {
            return x.reshape(dims).mean(axis + 1);
        }
        return unevenMean(x, axis, windows, dims);
    }

    /** Windows of different lengths: each is filled up to the longest, and what fills it does not count. */
    private static Tensor unevenMean(Tensor x, int axis, int windows, int[] dims) {
        int extent = x.dim(axis);
        int longest = 0;
        for (int o = 0; o < windows; o++) {
            longest = Math.max(longest, end(o, windows, extent) - start(o, windows, extent));
        }
        long[] places = new long[Shape.of(windows, longest).size()];
        boolean[] counts = new boolean[places.length];
        double[] lengths = new double[windows];
        for (int o = 0; o < windows; o++) {
            int start = start(o, windows, extent);
            int end = end(o, windows, extent);
            lengths[o] = end - start;
            for (int t = 0; t < longest; t++) {
                places[o * longest + t] = Math.min(start + t, end - 1);
                counts[o * longest + t] = start + t < end;
            }
        }
        dims[axis + 1] = longest;
        int[] table = new int[dims.length - axis];
        Arrays.fill(table, 1);
        table[0] = windows;
        int[] column = Arrays.copyOf(table, table.length - 1);
        table[1] = longest;
        Tensor seen = x.indexSelect(axis, Tensor.of(places)).reshape(dims);
        return Tensor.of(counts, table).where(seen, 0).sum(axis + 1)
                .div(Tensor.of(lengths, column).cast(x.dtype()));
    }

    private static int start(int window, int windows, int extent) {
        return (int) ((long) window * extent / windows);
    }

    private static int end(int window, int windows, int extent) {
        return (int) Math.ceilDiv((window + 1L) * extent, (long) windows);
    }

    private static List<Integer> windows(String name, Tensor x, int[] extents) {
        Spatial.requireImages(name, x, extents.length);
        List<Integer> windows = new ArrayList<>();
        for (int axis = 0; axis < extents.length; axis++) {
            int extent = Spatial.extent(x, axis, extents.length);
            if (extents[axis] < -1 || extent == 0) {
                throw ShapeException.of(name, "extents do not fit").operand("input", x.shape())
                        .operand("extents", Arrays.toString(extents))
                        .expected("extents of 0 or more, or -1, from extents of 1 or more");
            }
            windows.add(extents[axis] == -1 ? extent : extents[axis]);
        }
        return windows;
    }
}
