package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.Convolution;
import io.adjoint.autodiff.op.ConvolutionInput;
import io.adjoint.autodiff.op.Pad;
import io.adjoint.autodiff.op.Slide;
import io.adjoint.autodiff.op.Unfold;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Convolutions of integers, which ONNX does not convolve: windows are written out, and multiplied with the filters. */
final class IntegerConvolution {
    private IntegerConvolution() {}

    /** {@code [n, filters, windows...]} of images {@code [n, channels, ...]} and filters {@code [filters, channels / groups, taps...]}. */
    static Tensor of(Convolution op, Tensor images, Tensor weight) {
        Slide slide = op.slide();
        int axes = op.windows().size();
        Tensor seen = images;
        for (int axis = 0; axis < axes; axis++) {
            int size = weight.dim(axis + 2);
            int stride = slide.stride().get(axis);
            int dilation = slide.dilation().get(axis);
            int reach = (op.windows().get(axis) - 1) * stride + (size - 1) * dilation + 1;
            Tensor line = within(seen, axis + 2, -slide.before().get(axis), reach);
            seen = new Unfold(axis + 2, size, stride, dilation).apply(line);
        }
        int groups = slide.groups();
        int channels = weight.dim(1);
        int places = op.windows().stream().reduce(1, (a, b) -> a * b);
        int taps = weight.shape().size() / Math.max(1, weight.dim(0) * channels);
        // [n, groups, channels, places, taps] to rows of what each place sees
        Tensor rows = seen.reshape(images.dim(0), groups, channels, places, taps).permute(0, 1, 3, 2, 4)
                .reshape(images.dim(0), groups, places, channels * taps);
        Tensor filters = weight.reshape(groups, weight.dim(0) / groups, channels * taps);
        Tensor products = rows.matmul(filters.transpose()).transpose();
        int[] dims = IntStream.concat(IntStream.of(images.dim(0), weight.dim(0)),
                op.windows().stream().mapToInt(Integer::intValue)).toArray();
        return products.reshape(Shape.of(dims));
    }

    /** A convolution of what the strides take apart, with the filters turned round and their channels exchanged. */
    static Tensor byInput(ConvolutionInput op, Tensor windows, Tensor weight) {
        Slide slide = op.slide();
        int axes = op.extents().size();
        Tensor apart = windows;
        List<Integer> before = new ArrayList<>();
        Tensor turned = weight;
        for (int axis = 0; axis < axes; axis++) {
            apart = new Pad(axis + 2, 0, 0, slide.stride().get(axis) - 1, 0).apply(apart);
            before.add((weight.dim(axis + 2) - 1) * slide.dilation().get(axis) - slide.before().get(axis));
            turned = turned.flip(axis + 2);
        }
        int groups = slide.groups();
        int[] grouped = IntStream.concat(IntStream.of(groups, weight.dim(0) / groups),
                IntStream.of(weight.shape().dims()).skip(1)).toArray();
        int[] exchanged = weight.shape().dims();
        exchanged[0] = groups * weight.dim(1);
        exchanged[1] = weight.dim(0) / groups;
        Tensor filters = turned.reshape(Shape.of(grouped)).transpose(1, 2).reshape(Shape.of(exchanged));
        Slide back = new Slide(Collections.nCopies(axes, 1), Collections.nCopies(axes, 0), slide.dilation(), groups);
        Tensor seen = apart;
        for (int axis = 0; axis < axes; axis++) {
            int reach = op.extents().get(axis) + (weight.dim(axis + 2) - 1) * slide.dilation().get(axis);
            seen = within(seen, axis + 2, -before.get(axis), reach);
        }
        return of(new Convolution(back, op.extents()), seen, filters);
    }

    /** So many elements from a place on, which may be before the first one; zeros where there are none. */
    private static Tensor within(Tensor x, int axis, int start, int count) {
        int stop = start + count;
        int extent = x.dim(axis);
        int from = Math.clamp(start, 0, extent);
        int to = Math.clamp(stop, from, extent);
        int missing = Math.clamp(-start, 0, count);
        Tensor part = x.slice(axis, from, to);
        int after = count - missing - (to - from);
        return missing == 0 && after == 0 ? part : new Pad(axis, missing, after, 0, 0).apply(part);
    }
}
