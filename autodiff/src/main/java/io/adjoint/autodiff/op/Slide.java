package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.ConvolutionKernel;
import io.adjoint.autodiff.kernel.Sliding;
import java.util.Arrays;
import java.util.List;

/**
 * How the windows of a convolution slide over the spatial axes of an image: element {@code t} of window {@code o} is at
 * {@code o * stride + t * dilation - before}. One number for each axis.
 *
 * @param stride from one window to the next, 1 or more
 * @param before how far the first window begins before the image, 0 or more
 * @param dilation from one element of a window to the next, 1 or more
 * @param groups into how many equal parts the channels are divided, each with filters of its own, 1 or more
 */
public record Slide(List<Integer> stride, List<Integer> before, List<Integer> dilation, int groups) {
    public Slide {
        stride = List.copyOf(stride);
        before = List.copyOf(before);
        dilation = List.copyOf(dilation);
        boolean sameAxes = stride.size() == before.size() && stride.size() == dilation.size();
        if (stride.isEmpty() || !sameAxes || groups < 1 || stride.stream().anyMatch(s -> s < 1)
                || before.stream().anyMatch(b -> b < 0) || dilation.stream().anyMatch(d -> d < 1)) {
            throw ShapeException.of("slide", "windows cannot slide so").operand("stride", stride)
                    .operand("before", before).operand("dilation", dilation).operand("groups", groups)
                    .expected(
                            "one number for each axis: stride and dilation 1 or more, before 0 or more; groups 1 or more");
        }
    }

    /** Number of spatial axes. */
    int axes() {
        return stride.size();
    }

    ConvolutionKernel kernel() {
        return new ConvolutionKernel(new Sliding(ints(stride), ints(before), ints(dilation)), groups);
    }

    static int[] ints(List<Integer> list) {
        return list.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Refuses tensors that are not {@code [batch, channels, extents...]} of one number dtype. */
    void requireImages(String operation, String name, TensorSpec first, String otherName, TensorSpec other) {
        if (first.shape().rank() != axes() + 2 || other.shape().rank() != axes() + 2
                || first.dtype() != other.dtype() || first.dtype() == DType.BOOL) {
            throw ShapeException.of(operation, "rank or dtype does not fit").operand(name, first)
                    .operand(otherName, other).operand("spatial axes", axes())
                    .expected("rank " + (axes() + 2) + " and one number dtype on both sides");
        }
    }

    /** Refuses a number of channels, or of filters, that the groups do not divide. */
    void requireGroups(String operation, String name, int channels) {
        if (channels % groups != 0) {
            throw ShapeException.of(operation, "the groups do not divide the channels").operand(name, channels)
                    .operand("groups", groups).expected("a multiple of " + groups);
        }
    }

    /** The shape {@code [outer, inner, spatial...]} of a result. */
    Shape shape(String operation, int outer, long inner, List<Integer> spatial, int leastExtent) {
        if (spatial.size() != axes() || spatial.stream().anyMatch(extent -> extent < leastExtent)
                || inner > Integer.MAX_VALUE) {
            throw ShapeException.of(operation, "the extents of the result do not fit").operand("extents", spatial)
                    .operand("channels", inner).operand("spatial axes", axes())
                    .expected("one extent of " + leastExtent + " or more for each axis");
        }
        int[] dims = new int[axes() + 2];
        dims[0] = outer;
        dims[1] = (int) inner;
        System.arraycopy(ints(spatial), 0, dims, 2, axes());
        return Shape.of(dims);
    }

    /** The spatial extents of {@code [outer, inner, spatial...]}. */
    static List<Integer> spatial(Shape shape) {
        return Arrays.stream(shape.dims()).skip(2).boxed().toList();
    }

    /** Refuses a weight whose windows have no elements. */
    static void requireTaps(String operation, TensorSpec weight) {
        if (spatial(weight.shape()).contains(0)) {
            throw ShapeException.of(operation, "empty windows").operand("weight", weight)
                    .expected("spatial extents of 1 or more");
        }
    }

    static Slide sample(Sampler sampler, int axes, int groups) {
        return new Slide(numbers(sampler, axes, 1, 3), numbers(sampler, axes, 0, 2), numbers(sampler, axes, 1, 2),
                groups);
    }

    static List<Integer> numbers(Sampler sampler, int count, int least, int most) {
        return java.util.stream.IntStream.range(0, count).mapToObj(_ -> sampler.between(least, most)).toList();
    }

    /** Extents of 1 to so many for one or two axes, smaller ones for more: a Jacobian has few enough entries then. */
    static List<Integer> extents(Sampler sampler, int axes, int most) {
        return numbers(sampler, axes, 1, axes < 3 ? most : Math.min(most, 2));
    }

    /** Each element of the windows is a sum over one filter. */
    static long multiplyAdds(TensorSpec windows, TensorSpec weight) {
        int filters = weight.shape().dim(0);
        return filters == 0 ? 0 : (long) windows.shape().size() * (weight.shape().size() / filters);
    }
}
