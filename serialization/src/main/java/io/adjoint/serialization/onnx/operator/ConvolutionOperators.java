package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Patches;
import io.adjoint.autodiff.function.Rounding;
import io.adjoint.autodiff.function.Window;
import io.adjoint.autodiff.op.Convolution;
import io.adjoint.autodiff.op.ConvolutionInput;
import io.adjoint.autodiff.op.Slide;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Convolutions, and patches of images. */
final class ConvolutionOperators {
    private ConvolutionOperators() {}

    static void addTo(OperatorTable table) {
        table.tensor("Conv", call -> withBias(call, convolve(call, call.tensor(0), call.tensor(1)), 2));
        table.tensor("ConvTranspose", ConvolutionOperators::transposed);
        table.tensor("DeformConv", DeformableConvolution::of);
        table.tensor("Col2Im", ConvolutionOperators::fold).knows(1, 2);
        table.values("CausalConvWithState", ConvolutionOperators::causal);
    }

    /** {@code [batch, channels, extents...]} and {@code [filters, channels / group, windows...]}, of one dtype, integers too. */
    static Tensor convolve(Call call, Tensor x, Tensor weight) {
        Sliding sliding = Sliding.of(call, x, Sliding.kernel(call, weight));
        return new Convolution(sliding.slide(groups(call)), sliding.windows()).apply(x, weight);
    }

    private static int groups(Call call) {
        return call.attributes().integer("group", 1);
    }

    private static Tensor withBias(Call call, Tensor out, int input) {
        return call.findTensor(input).map(bias -> out.add(perChannel(call, bias, out))).orElse(out);
    }

    /** {@code [channels]} as it stretches to {@code [batch, channels, ...]}. */
    static Tensor perChannel(Call call, Tensor given, Tensor x) {
        if (given.rank() != 1 || given.dim(0) != x.dim(1)) {
            throw call.refusal("not one number for each channel").operand("given", given.shape())
                    .operand("images", x.shape()).expected("[" + x.dim(1) + "]");
        }
        int[] dims = new int[x.rank() - 1];
        Arrays.fill(dims, 1);
        dims[0] = x.dim(1);
        return given.reshape(dims);
    }

    /** What the output shape says is met by padding, or by zeros at the end. */
    private static Tensor transposed(Call call) {
        Tensor x = call.tensor(0);
        Tensor weight = call.tensor(1);
        List<Integer> size = Sliding.kernel(call, weight);
        int axes = size.size();
        Sliding.requireAxes(call, x, axes);
        List<Integer> stride = Sliding.numbers(call, "strides", axes, 1, 1);
        List<Integer> dilation = Sliding.numbers(call, "dilations", axes, 1, 1);
        List<Integer> longer = Sliding.numbers(call, "output_padding", axes, 0, 0);
        List<Integer> pads = Sliding.numbers(call, "pads", 2 * axes, 0, 0);
        Sliding.AutoPad mode = Sliding.AutoPad.of(call);
        boolean explicit = call.attributes().has("output_shape");
        List<Integer> wanted = explicit ? outputShape(call, axes) : List.of();
        List<Integer> before = new ArrayList<>();
        List<Integer> extents = new ArrayList<>();
        for (int axis = 0; axis < axes; axis++) {
            long full = (x.dim(axis + 2) - 1L) * stride.get(axis) + longer.get(axis)
                    + Sliding.span(size.get(axis), dilation.get(axis));
            if (explicit) {
                extents.add(wanted.get(axis));
                before.add(mirrored(mode, full - wanted.get(axis)));
            } else {
                switch (mode) {
                    case NOTSET -> {
                        before.add(pads.get(axis));
                        extents.add(extent(call, x, full - pads.get(axis) - pads.get(axes + axis)));
                    }
                    case VALID -> {
                        before.add(0);
                        extents.add(extent(call, x, full));
                    }
                    case SAME_UPPER, SAME_LOWER -> {
                        int extent = extent(call, x, (long) x.dim(axis + 2) * stride.get(axis));
                        extents.add(extent);
                        before.add(mirrored(mode, full - extent));
                    }
                }
            }
        }
        Slide slide = new Slide(stride, before, dilation, groups(call));
        return withBias(call, new ConvolutionInput(slide, extents).apply(x, weight), 2);
    }

    /** Transposed convolution halves an odd padding the other way: only {@code SAME_UPPER} has less of it before. */
    private static int mirrored(Sliding.AutoPad mode, long total) {
        return (mode == Sliding.AutoPad.SAME_UPPER ? mode : Sliding.AutoPad.SAME_LOWER).before(total);
    }

    /** Some models give batch and channels as well. */
    private static List<Integer> outputShape(Call call, int axes) {
        int[] given = call.attributes().integers("output_shape").orElseThrow();
        if (given.length != axes && given.length != axes + 2
                || Arrays.stream(given).skip(given.length - axes).anyMatch(extent -> extent < 1)) {
            throw call.refusal("no such output").operand("output_shape", Arrays.toString(given))
                    .expected("an extent of 1 or more for each of " + axes + " axes");
        }
        return Arrays.stream(given).skip(given.length - axes).boxed().toList();
    }

    private static int extent(Call call, Tensor x, long extent) {
        if (extent < 1 || extent > Integer.MAX_VALUE) {
            throw call.refusal("no such extent").operand("input", x.shape()).operand("extent", extent)
                    .expected("1 to " + Integer.MAX_VALUE);
        }
        return (int) extent;
    }

    /** Patches added up in an image that has room for the padding, which is cut off then. */
    private static Tensor fold(Call call) {
        int[] extents = call.integers(1);
        int[] block = call.integers(2);
        int axes = extents.length;
        if (axes == 0 || block.length != axes || call.tensor(0).rank() != 3) {
            throw call.refusal("image, block and columns do not fit").operand("columns", call.tensor(0).shape())
                    .operand("image", Arrays.toString(extents)).operand("block", Arrays.toString(block))
                    .expected("[batch, channels * elements of a block, blocks], and a number for each axis");
        }
        List<Integer> pads = Sliding.numbers(call, "pads", 2 * axes, 0, 0);
        Window window = new Window(Arrays.stream(block).boxed().toList(), Sliding.numbers(call, "strides", axes, 1, 1),
                Sliding.same(axes, 0), Sliding.numbers(call, "dilations", axes, 1, 1), Rounding.FLOOR);
        int[] padded = new int[axes];
        for (int axis = 0; axis < axes; axis++) {
            padded[axis] = extent(call, call.tensor(0), (long) extents[axis] + pads.get(axis) + pads.get(axes + axis));
        }
        Tensor image = Patches.fold(call.tensor(0), window, padded);
        for (int axis = 0; axis < axes; axis++) {
            image = image.slice(axis + 2, pads.get(axis), pads.get(axis) + extents[axis]);
        }
        return image;
    }

    /** Each channel on its own, over what came before: {@code [batch, channels, length]}. */
    private static List<Value> causal(Call call) {
        Tensor x = call.tensor(0);
        Tensor weight = call.tensor(1);
        if (x.rank() != 3 || weight.rank() != 3 || weight.dim(0) != x.dim(1) || weight.dim(1) != 1
                || weight.dim(2) < 1) {
            throw call.refusal("input and weight do not fit").operand("input", x.shape())
                    .operand("weight", weight.shape())
                    .expected("[batch, channels, length] and [channels, 1, elements of a window]");
        }
        int state = weight.dim(2) - 1;
        Tensor past = call.findTensor(3).orElseGet(() -> x.slice(2, 0, 0).pad(2, state, 0, 0));
        if (past.rank() != 3 || past.dim(2) != state) {
            throw call.refusal("the state does not fit").operand("state", past.shape())
                    .expected("[" + x.dim(0) + ", " + x.dim(1) + ", " + state + "]");
        }
        Tensor all = Tensor.concat(2, past, x);
        Slide slide = new Slide(List.of(1), List.of(0), List.of(1), x.dim(1));
        Tensor out = withBias(call, new Convolution(slide, List.of(x.dim(2))).apply(all, weight), 2);
        Tensor active = switch (call.attributes().text("activation", "none")) {
            case "none" -> out;
            case "silu", "swish" -> out.silu();
            case String other -> throw noActivation(call, other);
        };
        return List.of(call.like(0, active), call.like(0, all.slice(2, x.dim(2), x.dim(2) + state)));
    }

    private static ShapeException noActivation(Call call, String name) {
        return call.refusal("no such activation").operand("activation", name).expected("none, silu or swish");
    }
}
