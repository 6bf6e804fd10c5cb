package io.adjoint.autodiff.function;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Images with other extents: interpolation, and the exchange of channels for extents. */
public final class Resizing {
    private Resizing() {}

    /** {@link #interpolate(Tensor, Interpolation, Corners, int...)} with {@link Corners#EDGES}. */
    public static Tensor interpolate(Tensor images, Interpolation mode, int... extents) {
        return interpolate(images, mode, Corners.EDGES, extents);
    }

    /**
     * {@code out[o] = sum over taps t of weight[o, t] * images[place[o, t]]} along each spatial axis: images of these extents, as
     * {@code torch.nn.functional.interpolate} with a size. New element o is at {@code (o + 1/2) n / m - 1/2}, or at {@code o (n
     * - 1) / (m - 1)} for {@link Corners#CENTRES}; places outside count as the outermost element. Integers and truth values
     * become F32, unless the mode is a nearest one. The gradient is spread to the taps by their weights.
     *
     * @param images {@code [batch, channels, extents...]}
     * @param corners for {@code LINEAR} and {@code CUBIC}; others do not look at it
     * @param extents one for each spatial axis, or one for all; 1 or more
     * @throws ShapeException if the rank does not fit, or an extent is less than 1
     */
    public static Tensor interpolate(Tensor images, Interpolation mode, Corners corners, int... extents) {
        int axes = axes(images);
        List<Integer> targets = Spatial.each("interpolate", "extents", Spatial.list(extents), axes, 1);
        double[] ratios = new double[axes];
        for (int axis = 0; axis < axes; axis++) {
            ratios[axis] = (double) images.dim(axis + 2) / targets.get(axis);
        }
        return interpolate(images, mode, corners, targets, ratios);
    }

    /** {@link #scale(Tensor, Interpolation, Corners, Scale, double...)} with {@link Corners#EDGES} and {@link Scale#GIVEN}. */
    public static Tensor scale(Tensor images, Interpolation mode, double... factors) {
        return scale(images, mode, Corners.EDGES, Scale.GIVEN, factors);
    }

    /**
     * {@code interpolate(images, mode, corners, floor(extent * factor)...)}: as {@code torch.nn.functional.interpolate} with a scale
     * factor. With {@link Scale#GIVEN}, new element o is at {@code (o + 1/2) / factor - 1/2}; {@code AREA} and {@link
     * Corners#CENTRES} look at the extents only.
     *
     * @param images {@code [batch, channels, extents...]}
     * @param factors one for each spatial axis, or one for all, above 0
     * @throws ShapeException if the rank does not fit, or a new extent is less than 1
     */
    public static Tensor scale(Tensor images, Interpolation mode, Corners corners, Scale scale, double... factors) {
        int axes = axes(images);
        if (factors.length != 1 && factors.length != axes) {
            throw ShapeException.of("interpolate", "factors do not fit the axes")
                    .operand("factors", Arrays.toString(factors)).operand("input", images.shape())
                    .expected("one factor, or one for each spatial axis");
        }
        List<Integer> extents = new ArrayList<>();
        double[] ratios = new double[axes];
        for (int axis = 0; axis < axes; axis++) {
            double factor = factors[factors.length == 1 ? 0 : axis];
            double extent = Math.floor(images.dim(axis + 2) * factor);
            if (!(extent >= 1 && extent <= Integer.MAX_VALUE)) {
                throw ShapeException.of("interpolate", "no such extent").operand("input", images.shape())
                        .operand("factor", factor).expected("extents of 1 to " + Integer.MAX_VALUE);
            }
            extents.add((int) extent);
            ratios[axis] = scale == Scale.GIVEN ? 1 / factor : images.dim(axis + 2) / extent;
        }
        return interpolate(images, mode, corners, extents, ratios);
    }

    private static int axes(Tensor images) {
        if (images.rank() < 3 || Shape.of(Arrays.copyOfRange(images.shape().dims(), 2, images.rank())).size() == 0) {
            throw ShapeException.of("interpolate", "no images").operand("input", images.shape())
                    .expected("[batch, channels, extents...] with extents of 1 or more");
        }
        return images.rank() - 2;
    }

    private static Tensor interpolate(Tensor images, Interpolation mode, Corners corners, List<Integer> extents,
            double[] ratios) {
        int[] dims = images.shape().dims();
        System.arraycopy(Spatial.ints(extents), 0, dims, 2, extents.size());
        Shape.of(dims); // refuses what is too large before anything is computed
        boolean chooses = mode == Interpolation.NEAREST || mode == Interpolation.NEAREST_EXACT;
        Tensor x = chooses ? images : Floats.of(images);
        if (mode == Interpolation.AREA) {
            return AdaptivePooling.average(x, Spatial.ints(extents));
        }
        for (int axis = 0; axis < ratios.length; axis++) {
            int extent = extents.get(axis);
            Shape shape = x.shape().with(axis + 2, extent);
            if (shape.size() == 0) {
                x = x.slice(axis + 2, 0, 1).expand(shape);
                continue;
            }
            Taps taps = Taps.of(mode, corners, images.dim(axis + 2), extent, ratios[axis]);
            x = taps.apply(x, axis + 2);
        }
        return x;
    }

    /**
     * {@code out[c, h r + i, w r + j] = x[c r^2 + i r + j, h, w]}: channels moved into r times larger images, as
     * {@code torch.nn.functional.pixel_shuffle}; the gradient moves back.
     *
     * @param x {@code [..., channels * r^2, height, width]}
     * @param factor r, 1 or more
     * @return {@code [..., channels, height * r, width * r]}
     * @throws ShapeException if the rank is below 3, or r^2 does not divide the channels
     */
    public static Tensor pixelShuffle(Tensor x, int factor) {
        requireFactor("pixel_shuffle", x, factor, x.rank() >= 3 && factor >= 1
                && x.dim(-3) % ((long) factor * factor) == 0);
        int[] dims = x.shape().dims();
        int lead = dims.length - 3;
        int[] apart = Arrays.copyOf(dims, dims.length + 2);
        apart[lead] = (int) (dims[lead] / ((long) factor * factor));
        apart[lead + 1] = factor;
        apart[lead + 2] = factor;
        apart[lead + 3] = dims[lead + 1];
        apart[lead + 4] = dims[lead + 2];
        requireProduct("pixel_shuffle", x, factor, dims[lead + 1], dims[lead + 2]);
        dims[lead] = apart[lead];
        dims[lead + 1] *= factor;
        dims[lead + 2] *= factor;
        return x.reshape(apart).permute(order(lead, 0, 3, 1, 4, 2)).reshape(dims);
    }

    /**
     * {@code out[c r^2 + i r + j, h, w] = x[c, h r + i, w r + j]}: images moved into r^2 times as many channels, the reverse of
     * {@link #pixelShuffle}, as {@code torch.nn.functional.pixel_unshuffle}.
     *
     * @param x {@code [..., channels, height * r, width * r]}
     * @param factor r, 1 or more
     * @return {@code [..., channels * r^2, height, width]}
     * @throws ShapeException if the rank is below 3, or r does not divide the extents
     */
    public static Tensor pixelUnshuffle(Tensor x, int factor) {
        requireFactor("pixel_unshuffle", x, factor,
                x.rank() >= 3 && factor >= 1 && x.dim(-2) % factor == 0 && x.dim(-1) % factor == 0);
        requireProduct("pixel_unshuffle", x, factor, x.dim(-3), (long) factor * x.dim(-3));
        int[] dims = x.shape().dims();
        int lead = dims.length - 3;
        int[] apart = Arrays.copyOf(dims, dims.length + 2);
        apart[lead + 1] = dims[lead + 1] / factor;
        apart[lead + 2] = factor;
        apart[lead + 3] = dims[lead + 2] / factor;
        apart[lead + 4] = factor;
        dims[lead] = dims[lead] * factor * factor;
        dims[lead + 1] = apart[lead + 1];
        dims[lead + 2] = apart[lead + 3];
        return x.reshape(apart).permute(order(lead, 0, 2, 4, 1, 3)).reshape(dims);
    }

    /**
     * {@code out[n, i g + j, ...] = x[n, j c / g + i, ...]}: the channels of g groups dealt out in turn, as {@code
     * torch.nn.functional.channel_shuffle}; the gradient is dealt back.
     *
     * @param x {@code [batch, channels, extents...]}
     * @param groups g, 1 or more
     * @throws ShapeException if the rank is below 3, or g does not divide the channels c
     */
    public static Tensor channelShuffle(Tensor x, int groups) {
        if (x.rank() < 3 || groups < 1 || x.dim(1) % groups != 0) {
            throw ShapeException.of("channel_shuffle", "the groups do not divide the channels")
                    .operand("input", x.shape()).operand("groups", groups)
                    .expected("[batch, channels, extents...] with channels that the groups divide");
        }
        return x.unflatten(1, groups, x.dim(1) / groups).transpose(1, 2).flatten(1, 2);
    }

    private static void requireFactor(String name, Tensor x, int factor, boolean divides) {
        if (!divides) {
            throw ShapeException.of(name, "the factor does not divide the input").operand("input", x.shape())
                    .operand("factor", factor).expected("[..., channels, height, width] that the factor divides");
        }
    }

    private static void requireProduct(String name, Tensor x, int factor, long first, long second) {
        if (Math.max(first, second) > Integer.MAX_VALUE / factor) { // only where another extent is 0
            throw ShapeException.of(name, "too large an extent").operand("input", x.shape()).operand("factor", factor)
                    .expected("extents of at most " + Integer.MAX_VALUE);
        }
    }

    private static int[] order(int lead, int... rest) {
        int[] order = new int[lead + rest.length];
        Arrays.setAll(order, i -> i < lead ? i : lead + rest[i - lead]);
        return order;
    }
}
