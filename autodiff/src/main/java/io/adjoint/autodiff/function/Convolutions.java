package io.adjoint.autodiff.function;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.Convolution;
import io.adjoint.autodiff.op.ConvolutionInput;
import io.adjoint.autodiff.op.Slide;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Convolution and transposed convolution over one, two or three spatial axes, as many as the weight has. Images are
 * {@code [batch, channels, extents...]}, or {@code [channels, extents...]} for one image. Dtypes are promoted to one.
 */
public final class Convolutions {
    private Convolutions() {}

    /** {@link #convolve(Tensor, Tensor, ConvolutionOptions)} with {@link ConvolutionOptions#DEFAULT}. */
    public static Tensor convolve(Tensor images, Tensor weight) {
        return convolve(images, weight, ConvolutionOptions.DEFAULT);
    }

    /**
     * {@code out[n, k, o] = sum over c, t of images[n, c, o * stride + t * dilation - padding] * weight[k, c, t]}, as
     * {@code torch.nn.functional.conv1d}, {@code conv2d} and {@code conv3d}; zero outside the images. Each sum runs
     * over the first spatial axis, then c, then the other axes, with fused multiply-add. It is linear in both; the derivative by the images is the transposed
     * convolution of the gradient.
     *
     * @param images {@code [batch, channels, extents...]} or {@code [channels, extents...]}
     * @param weight {@code [filters, channels / groups, windows...]}
     * @return {@code [batch, filters, extents...]} or {@code [filters, extents...]}, each extent {@code floor((extent + 2
     *     padding - (window - 1) dilation - 1) / stride) + 1}
     * @throws ShapeException if ranks or channels do not fit, a window is larger than the padded image, padding is
     *     {@code SAME} at a stride above 1, or there is output padding
     */
    public static Tensor convolve(Tensor images, Tensor weight, ConvolutionOptions options) {
        String name = "convolve";
        int axes = axes(name, weight);
        Spatial.requireImages(name, images, axes);
        if (options.outputPadding().stream().anyMatch(p -> p != 0)) {
            throw ShapeException.of(name, "output padding").operand("output padding", options.outputPadding())
                    .expected("0, except for a transposed convolution");
        }
        List<Integer> stride = Spatial.each(name, "stride", options.stride(), axes, 1);
        List<Integer> dilation = Spatial.each(name, "dilation", options.dilation(), axes, 1);
        List<Integer> before = new ArrayList<>();
        List<Integer> windows = new ArrayList<>();
        for (int axis = 0; axis < axes; axis++) {
            long span = span(weight, axis, dilation.get(axis));
            long[] sides = sides(name, options, axis, axes, span);
            before.add((int) sides[0]);
            windows.add(Spatial.windows(name, images, Spatial.extent(images, axis, axes), span, stride.get(axis),
                    sides[0], sides[1]));
        }
        DType dtype = DType.promote(images.dtype(), weight.dtype());
        Tensor batch = images.rank() == axes + 1 ? images.unsqueeze(0) : images;
        Tensor out = new Convolution(new Slide(stride, before, dilation, options.groups()), windows)
                .apply(batch.cast(dtype), weight.cast(dtype));
        return images.rank() == axes + 1 ? out.squeeze(0) : out;
    }

    /**
     * {@code convolve(images, weight, options) + bias}, one number of the bias for each filter; the derivative by the bias is
     * the sum of the gradient of its filter.
     *
     * @param bias {@code [filters]}
     * @throws ShapeException as for {@link #convolve(Tensor, Tensor, ConvolutionOptions)}, or if the bias does not fit
     */
    public static Tensor convolve(Tensor images, Tensor weight, Tensor bias, ConvolutionOptions options) {
        int axes = axes("convolve", weight);
        requireBias("convolve", bias, weight.dim(0));
        return withBias(convolve(images, weight, options), bias, axes);
    }

    /** {@link #transposed(Tensor, Tensor, ConvolutionOptions)} with {@link ConvolutionOptions#DEFAULT}. */
    public static Tensor transposed(Tensor images, Tensor weight) {
        return transposed(images, weight, ConvolutionOptions.DEFAULT);
    }

    /**
     * {@code out[n, c, i * stride + t * dilation - padding] += images[n, k, i] * weight[k, c, t]}, as
     * {@code torch.nn.functional.conv_transpose1d}, {@code 2d} and {@code 3d}: the derivative of a convolution by its images.
     * It is linear in both; the derivative by the images is the convolution of the gradient.
     *
     * @param images {@code [batch, channels, extents...]} or {@code [channels, extents...]}
     * @param weight {@code [channels, filters / groups, windows...]}
     * @return {@code [batch, filters, extents...]} or {@code [filters, extents...]}, each extent {@code (extent - 1) stride -
     *     2 padding + (window - 1) dilation + outputPadding + 1}
     * @throws ShapeException if ranks or channels do not fit, an extent would be less than 1, output padding is not less
     *     than stride or dilation, or padding is not a number
     */
    public static Tensor transposed(Tensor images, Tensor weight, ConvolutionOptions options) {
        String name = "transposed convolution";
        int axes = axes(name, weight);
        Spatial.requireImages(name, images, axes);
        List<Integer> stride = Spatial.each(name, "stride", options.stride(), axes, 1);
        List<Integer> dilation = Spatial.each(name, "dilation", options.dilation(), axes, 1);
        List<Integer> longer = Spatial.each(name, "output padding", options.outputPadding(), axes, 0);
        List<Integer> padding = switch (options.padding()) {
            case Padding.Zeros(List<Integer> zeros) -> Spatial.each(name, "padding", zeros, axes, 0);
            case Padding.Automatic automatic -> throw ShapeException.of(name, "padding that follows from the windows")
                    .operand("padding", automatic).expected("a number of zeros");
        };
        List<Integer> extents = new ArrayList<>();
        for (int axis = 0; axis < axes; axis++) {
            if (longer.get(axis) >= stride.get(axis) && longer.get(axis) >= dilation.get(axis)) {
                throw ShapeException.of(name, "output padding too large").operand("output padding", longer)
                        .operand("stride", stride).operand("dilation", dilation)
                        .expected("less than the stride or the dilation");
            }
            int given = Spatial.extent(images, axis, axes);
            long extent = (given - 1L) * stride.get(axis) - 2L * padding.get(axis)
                    + span(weight, axis, dilation.get(axis)) + longer.get(axis);
            if (given < 1 || extent < 1 || extent > Integer.MAX_VALUE) {
                throw ShapeException.of(name, "no such extent").operand("input", images.shape())
                        .operand("extent", extent)
                        .expected("1 to " + Integer.MAX_VALUE + ", from an extent of 1 or more");
            }
            extents.add((int) extent);
        }
        DType dtype = DType.promote(images.dtype(), weight.dtype());
        Tensor batch = images.rank() == axes + 1 ? images.unsqueeze(0) : images;
        Tensor out = new ConvolutionInput(new Slide(stride, padding, dilation, options.groups()), extents)
                .apply(batch.cast(dtype), weight.cast(dtype));
        return images.rank() == axes + 1 ? out.squeeze(0) : out;
    }

    /**
     * {@code transposed(images, weight, options) + bias}, one number of the bias for each filter; the derivative by the bias is
     * the sum of the gradient of its filter.
     *
     * @param bias {@code [filters]}
     * @throws ShapeException as for {@link #transposed(Tensor, Tensor, ConvolutionOptions)}, or if the bias does not fit
     */
    public static Tensor transposed(Tensor images, Tensor weight, Tensor bias, ConvolutionOptions options) {
        int axes = axes("transposed convolution", weight);
        requireBias("transposed convolution", bias, (long) weight.dim(1) * options.groups());
        return withBias(transposed(images, weight, options), bias, axes);
    }

    private static int axes(String name, Tensor weight) {
        if (weight.rank() < 3 || weight.rank() > 5) {
            throw ShapeException.of(name, "not a weight").operand("weight", weight.spec())
                    .expected("rank 3, 4 or 5, for one, two or three spatial axes");
        }
        for (int axis = 2; axis < weight.rank(); axis++) {
            if (weight.dim(axis) == 0) {
                throw ShapeException.of(name, "empty windows").operand("weight", weight.spec())
                        .expected("spatial extents of 1 or more");
            }
        }
        return weight.rank() - 2;
    }

    /** From the first to the last element of a window. */
    private static long span(Tensor weight, int axis, int dilation) {
        return (weight.dim(axis + 2) - 1L) * dilation + 1;
    }

    /** Zeros before and after an image along an axis. */
    private static long[] sides(String name, ConvolutionOptions options, int axis, int axes, long span) {
        return switch (options.padding()) {
            case Padding.Zeros(List<Integer> zeros) -> {
                long zero = Spatial.each(name, "padding", zeros, axes, 0).get(axis);
                yield new long[] {zero, zero};
            }
            case Padding.Automatic.VALID -> new long[] {0, 0};
            case Padding.Automatic.SAME -> {
                if (!Collections.nCopies(options.stride().size(), 1).equals(options.stride())) {
                    throw ShapeException.of(name, "a stride changes the extents").operand("padding", options.padding())
                            .operand("stride", options.stride()).expected("stride 1, or a number of zeros");
                }
                yield new long[] {Math.min((span - 1) / 2, Integer.MAX_VALUE), span / 2};
            }
        };
    }

    private static void requireBias(String name, Tensor bias, long filters) {
        if (bias.rank() != 1 || bias.dim(0) != filters) {
            throw ShapeException.of(name, "the bias does not fit").operand("bias", bias.spec())
                    .expected("[" + filters + "]");
        }
    }

    private static Tensor withBias(Tensor images, Tensor bias, int axes) {
        int[] column = new int[axes + 1];
        Arrays.fill(column, 1);
        column[0] = bias.dim(0);
        return images.add(bias.reshape(column));
    }
}
