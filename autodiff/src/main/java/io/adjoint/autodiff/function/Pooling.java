package io.adjoint.autodiff.function;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.LastPlaces;
import io.adjoint.autodiff.op.MaxPlaces;
import io.adjoint.autodiff.op.Slide;
import java.util.ArrayList;
import java.util.List;

/**
 * Pooling: one number for what each window of an image sees, channel by channel. Images are {@code [batch, channels,
 * extents...]}, or {@code [channels, extents...]} for one image; the window, or the number of extents asked for, says how many
 * of the axes are spatial. Padding may be at most half of a window.
 */
public final class Pooling {
    private Pooling() {}

    /**
     * Maxima and where they were found.
     *
     * @param values the maxima
     * @param places I64 of the same shape: the row-major number of each within its plane, padding not counted
     */
    public record Maxima(Tensor values, Tensor places) {}

    /**
     * {@code max over t of x[..., o * stride + t * dilation - padding]}: as {@code torch.nn.functional.max_pool1d}, {@code 2d} and
     * {@code 3d}. Padding is never chosen; NaN wins. The gradient goes to the first of equals.
     *
     * @throws ShapeException if the rank does not fit, padding is more than half of the window, or a window sees no element
     */
    public static Tensor max(Tensor x, Window window) {
        return maxima(x, window).values();
    }

    /** {@link #max} and the places of the maxima, the first of equals, the last NaN. */
    public static Maxima maxima(Tensor x, Window window) {
        List<Integer> windows = windows("max_pool", x, window);
        Slide slide = new Slide(window.strideOr(window.size()), window.padding(), window.dilation(), 1);
        return gathered(x, new MaxPlaces(window.size(), slide, windows).apply(x.detached()), window.axes());
    }

    /** The elements at these places. */
    static Maxima gathered(Tensor x, Tensor places, int axes) {
        int first = x.rank() - axes;
        return new Maxima(x.flatten(first).gather(-1, places.flatten(first)).reshape(places.shape()), places);
    }

    /**
     * {@code out[..., places[..., o]] = values[..., o]}, zero elsewhere: maxima put back where they were found, as
     * {@code torch.nn.functional.max_unpool1d}, {@code 2d} and {@code 3d}. Where several go to one place the last one wins, and
     * has the gradient.
     *
     * @param maxima of {@code [batch, channels, windows...]} or {@code [channels, windows...]}
     * @param extents of the planes that the places are in, one for each spatial axis
     * @throws ShapeException if values and places differ in shape, or a place is not in the plane
     */
    public static Tensor unpool(Maxima maxima, int... extents) {
        Tensor values = maxima.values();
        int axes = extents.length;
        Spatial.requireImages("max_unpool", values, axes);
        Tensor places = maxima.places();
        if (!values.shape().equals(places.shape()) || places.dtype() != DType.I64) {
            throw ShapeException.of("max_unpool", "places do not fit the values").operand("values", values.spec())
                    .operand("places", places.spec()).expected("places I64" + values.shape());
        }
        int first = values.rank() - axes;
        int[] dims = values.shape().dims();
        System.arraycopy(extents, 0, dims, first, axes);
        Shape shape = Shape.of(dims);
        Tensor last = new LastPlaces(Shape.of(extents).size()).apply(places.flatten(first));
        return values.flatten(first).pad(-1, 0, 1, 0).gather(-1, last).reshape(shape);
    }

    /**
     * {@link #unpool(Maxima, int...)} to the smallest planes that this window pools to so many maxima: {@code (n - 1) stride - 2
     * padding + size} along each axis.
     *
     * @throws ShapeException if values and places differ in shape, or a place is not in the plane
     */
    public static Tensor unpool(Maxima maxima, Window window) {
        int axes = window.axes();
        Spatial.requireImages("max_unpool", maxima.values(), axes);
        List<Integer> stride = window.strideOr(window.size());
        int[] extents = new int[axes];
        for (int axis = 0; axis < axes; axis++) {
            long extent = (Spatial.extent(maxima.values(), axis, axes) - 1L) * stride.get(axis)
                    - 2L * window.padding().get(axis) + window.size().get(axis);
            if (extent < 0 || extent > Integer.MAX_VALUE) {
                throw ShapeException.of("max_unpool", "no such extent").operand("values", maxima.values().shape())
                        .operand("extent", extent).expected("0 to " + Integer.MAX_VALUE);
            }
            extents[axis] = (int) extent;
        }
        return unpool(maxima, extents);
    }

    /** {@link #average(Tensor, Window, Divisor)} with {@link Divisor#WINDOW}. */
    public static Tensor average(Tensor x, Window window) {
        return average(x, window, Divisor.WINDOW);
    }

    /**
     * {@code sum over t of x[..., o * stride + t * dilation - padding] / divisor}: as {@code torch.nn.functional.avg_pool1d},
     * {@code 2d} and {@code 3d}; padding counts as zeros. Integers and truth values become F32. Derivative 1 / divisor for
     * each element of a window.
     *
     * @throws ShapeException if the rank does not fit, or padding is more than half of the window
     */
    public static Tensor average(Tensor x, Window window, Divisor divisor) {
        List<Integer> windows = windows("average_pool", x, window);
        Tensor sum = Floats.of(x);
        Tensor counts = Tensor.scalar(1, DType.F64);
        for (int axis = 0; axis < window.axes(); axis++) {
            int at = x.rank() - window.axes() + axis;
            int stride = window.strideOr(window.size()).get(axis);
            int zeros = window.padding().get(axis);
            long reach = (windows.get(axis) - 1L) * stride + window.span(axis);
            long after = Math.max(0, reach - zeros - x.dim(at));
            if (reach > Integer.MAX_VALUE || after > Integer.MAX_VALUE) {
                throw ShapeException.of("average_pool", "windows reach too far").operand("input", x.shape())
                        .operand("reach", reach).expected("at most " + Integer.MAX_VALUE);
            }
            counts = counts.unsqueeze(-1).mul(counts(divisor, window, axis, windows.get(axis), x.dim(at)));
            sum = sum.pad(at, zeros, (int) after, 0)
                    .unfold(at, window.size().get(axis), stride, window.dilation().get(axis)).sum(-1)
                    .slice(at, 0, windows.get(axis));
        }
        return divisor instanceof Divisor.Fixed(int number) ? sum.div(number) : sum.div(counts.cast(sum.dtype()));
    }

    /** F64: how many elements of each window count along an axis, at least 1. */
    private static Tensor counts(Divisor divisor, Window window, int axis, int windows, int extent) {
        if (divisor instanceof Divisor.Fixed) {
            return Tensor.full(Shape.of(windows), DType.F64, 1);
        }
        int zeros = window.padding().get(axis);
        int least = divisor == Divisor.WINDOW ? -zeros : 0;
        long end = divisor == Divisor.WINDOW ? (long) extent + zeros : extent;
        int dilation = window.dilation().get(axis);
        double[] counts = new double[windows];
        for (int o = 0; o < windows; o++) {
            long start = (long) o * window.strideOr(window.size()).get(axis) - zeros;
            long skipped = Math.max(0, Math.ceilDiv(least - start, (long) dilation));
            long stop = Math.min(window.size().get(axis), Math.ceilDiv(end - start, (long) dilation));
            counts[o] = Math.max(1, stop - skipped);
        }
        return Tensor.of(counts);
    }

    /**
     * {@code (sum over t of x[..., o * stride + t]^p)^(1/p)}: as {@code torch.nn.functional.lp_pool1d} and {@code lp_pool2d}, the
     * power without an absolute value, so that a negative sum is NaN for an even root; a window that {@code CEIL} lets reach
     * beyond the end counts as if its missing elements were like the others. Derivative {@code (x / out)^(p - 1)}, 0
     * where the sum is 0.
     *
     * @param p the power, not 0
     * @throws ShapeException if the rank does not fit, there is padding, or p is 0
     */
    public static Tensor norm(Tensor x, double p, Window window) {
        if (window.padding().stream().anyMatch(zeros -> zeros != 0)) {
            throw ShapeException.of("lp_pool", "padding").operand("padding", window.padding()).expected("none");
        }
        if (p == 0 || Double.isNaN(p)) {
            throw ShapeException.of("lp_pool", "no such power").operand("p", p).expected("a number other than 0");
        }
        double count = window.size().stream().mapToDouble(Integer::doubleValue).reduce(1, (a, b) -> a * b);
        Tensor mean = average(Floats.of(x).pow(p), window);
        Tensor zero = mean.eq(0);
        // the root's slope at 0 is infinite; another argument there keeps that out of the gradient
        return zero.where(StrictMath.pow(0, 1 / p), zero.where(1, mean).mul(count).pow(1 / p));
    }

    /** The number of windows along each axis. */
    private static List<Integer> windows(String name, Tensor x, Window window) {
        int axes = window.axes();
        Spatial.requireImages(name, x, axes);
        List<Integer> windows = new ArrayList<>();
        for (int axis = 0; axis < axes; axis++) {
            int extent = Spatial.extent(x, axis, axes);
            int zeros = window.padding().get(axis);
            int stride = window.strideOr(window.size()).get(axis);
            if (zeros > window.size().get(axis) / 2 || extent == 0) {
                throw ShapeException.of(name, "padding or window does not fit").operand("input", x.shape())
                        .operand("size", window.size()).operand("padding", window.padding())
                        .expected("extents of 1 or more, and padding of at most half of the window");
            }
            long more = window.rounding() == Rounding.CEIL ? stride - 1 : 0;
            int count = Spatial.windows(name, x, extent, window.span(axis), stride, zeros, zeros + more);
            boolean late = window.rounding() == Rounding.CEIL && (count - 1L) * stride >= (long) extent + zeros;
            windows.add(late ? count - 1 : count);
        }
        return windows;
    }
}
