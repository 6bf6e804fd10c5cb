package io.adjoint.autodiff.function;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Pooling to given extents by windows of one size whose places are drawn at random (B. Graham, Fractional Max-Pooling, 2014).
 * Images are {@code [batch, channels, extents...]}, or {@code [channels, extents...]} for one image; the number of extents
 * asked for says how many of the axes are spatial.
 */
public final class FractionalPooling {
    private FractionalPooling() {}

    /**
     * {@code max over t < size of x[..., start(o) + t]} along each axis, with {@code start(o) = floor((o + u) a) - floor(u a)},
     * {@code a = (n - size) / (m - 1)} for m windows, and the last window at the end: as
     * {@code torch.nn.functional.fractional_max_pool2d} and {@code 3d}. The gradient goes to the first of equals; the samples have
     * none.
     *
     * @param samples u, drawn uniformly from {@code [0, 1)}: {@code [batch, channels, axes]} or {@code [channels, axes]}, the
     *     outermost spatial axis first
     * @param size of the windows, a number for each spatial axis or one for all
     * @param extents the numbers of windows m, one for each spatial axis, 1 or more
     * @throws ShapeException if ranks do not fit, samples are not floats of that shape, or an axis has fewer than {@code m + size
     *     - 1} elements
     */
    public static Tensor max(Tensor x, Tensor samples, List<Integer> size, int... extents) {
        return maxima(x, samples, size, extents).values();
    }

    /** {@link #max} and the places of the maxima, the first of equals. */
    public static Pooling.Maxima maxima(Tensor x, Tensor samples, List<Integer> size, int... extents) {
        String name = "fractional_max_pool";
        int axes = extents.length;
        Spatial.requireImages(name, x, axes);
        List<Integer> windows = Spatial.each(name, "size", size, axes, 1);
        int[] lead = Arrays.copyOf(x.shape().dims(), x.rank() - axes);
        int[] each = joined(lead, axes);
        if (!samples.dtype().isFloat() || !samples.shape().equals(Shape.of(each))) {
            throw ShapeException.of(name, "samples do not fit the input").operand("samples", samples.spec())
                    .operand("input", x.shape()).expected("floats of shape " + Shape.of(each));
        }
        for (int axis = 0; axis < axes; axis++) {
            if (extents[axis] < 1 || (long) extents[axis] + windows.get(axis) - 1 > Spatial.extent(x, axis, axes)) {
                throw ShapeException.of(name, "extents do not fit").operand("input", x.shape())
                        .operand("size", windows).operand("extents", Arrays.toString(extents))
                        .expected("extents of 1 or more, up to those of the input minus size - 1");
            }
        }
        int places = Shape.of(extents).size();
        int elements = Shape.of(Spatial.ints(windows)).size();
        Tensor all = places(x, samples.detached(), windows, extents).reshape(joined(lead, places, elements));
        Tensor seen = x.detached().flatten(lead.length).gather(-1, all.flatten(lead.length)).reshape(all.shape());
        Tensor chosen = all.gather(-1, seen.argmax(-1).unsqueeze(-1));
        return Pooling.gathered(x, chosen.reshape(joined(lead, extents)), axes);
    }

    /** {@code [lead..., windows..., elements...]}: row-major numbers of what each window sees within its plane. */
    private static Tensor places(Tensor x, Tensor samples, List<Integer> size, int[] extents) {
        int axes = extents.length;
        int lead = x.rank() - axes;
        Tensor places = Tensor.scalar(0, DType.I64);
        for (int axis = 0; axis < axes; axis++) {
            int extent = x.dim(lead + axis);
            int[] apart = Arrays.copyOf(x.shape().dims(), lead + 2 * axes);
            Arrays.fill(apart, lead, apart.length, 1);
            apart[lead + axis] = extents[axis];
            apart[lead + axes + axis] = size.get(axis);
            Tensor along = starts(samples.select(-1, axis), extent - size.get(axis), extents[axis]).unsqueeze(-1)
                    .add(Tensor.range(size.get(axis)));
            places = places.mul(extent).add(along.reshape(apart));
        }
        return places;
    }

    /** {@code [lead..., windows]}: where windows begin that are spread over {@code room + 1} places. */
    private static Tensor starts(Tensor samples, int room, int windows) {
        Tensor u = samples.unsqueeze(-1);
        Tensor last = Tensor.full(u.shape(), DType.I64, room);
        if (windows == 1) {
            return last;
        }
        double step = (double) room / (windows - 1);
        Tensor order = Tensor.range(windows - 1).cast(u.dtype());
        Tensor starts = u.add(order).mul(step).floor().sub(u.mul(step).floor());
        return Tensor.concat(-1, starts.cast(DType.I64), last);
    }

    private static int[] joined(int[] lead, int... rest) {
        int[] dims = Arrays.copyOf(lead, lead.length + rest.length);
        System.arraycopy(rest, 0, dims, lead.length, rest.length);
        return dims;
    }
}
