package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Divisor;
import io.adjoint.autodiff.function.Rounding;
import io.adjoint.autodiff.function.Window;
import io.adjoint.autodiff.op.Slide;
import io.adjoint.serialization.onnx.graph.Call;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How the windows of a convolution or of pooling slide over the spatial axes of their input, one number for each axis.
 *
 * @param size elements of a window
 * @param stride from one window to the next
 * @param dilation from one element of a window to the next
 * @param before how far the first window begins before the input
 * @param after how far behind the input padding reaches
 * @param windows how many there are
 */
record Sliding(List<Integer> size, List<Integer> stride, List<Integer> dilation, List<Integer> before,
        List<Integer> after, List<Integer> windows) {
    /** How padding is found. */
    enum AutoPad {
        NOTSET, SAME_UPPER, SAME_LOWER, VALID;

        static AutoPad of(Call call) {
            String name = call.attributes().text("auto_pad", "NOTSET");
            return Arrays.stream(values()).filter(mode -> mode.name().equals(name)).findFirst()
                    .orElseThrow(() -> call.refusal("no such padding").operand("auto_pad", name)
                            .expected("one of " + Arrays.toString(values())));
        }

        /** How much of a padding is before the input; a negative one counts as none. */
        int before(long total) {
            long padding = Math.max(0, total);
            return (int) (this == SAME_LOWER ? padding - padding / 2 : padding / 2);
        }
    }

    /** By the attributes {@code auto_pad}, {@code ceil_mode}, {@code dilations}, {@code pads} and {@code strides}. */
    static Sliding of(Call call, Tensor x, List<Integer> size) {
        int axes = size.size();
        requireAxes(call, x, axes);
        List<Integer> stride = numbers(call, "strides", axes, 1, 1);
        List<Integer> dilation = numbers(call, "dilations", axes, 1, 1);
        List<Integer> pads = numbers(call, "pads", 2 * axes, 0, 0);
        AutoPad mode = AutoPad.of(call);
        Rounding rounding = call.attributes().flag("ceil_mode") ? Rounding.CEIL : Rounding.FLOOR;
        List<Integer> before = new ArrayList<>();
        List<Integer> after = new ArrayList<>();
        List<Integer> windows = new ArrayList<>();
        for (int axis = 0; axis < axes; axis++) {
            int extent = x.dim(axis + 2);
            int step = stride.get(axis);
            long span = span(size.get(axis), dilation.get(axis));
            switch (mode) {
                case NOTSET, VALID -> {
                    int start = mode == AutoPad.VALID ? 0 : pads.get(axis);
                    int end = mode == AutoPad.VALID ? 0 : pads.get(axes + axis);
                    windows.add(
                            count(call, x, (long) extent + start + end - span, step, rounding, (long) extent + start));
                    before.add(start);
                    after.add(end);
                }
                case SAME_UPPER, SAME_LOWER -> {
                    int count = Math.ceilDiv(extent, step);
                    long total = Math.max(0, (count - 1L) * step + span - extent);
                    before.add(mode.before(total));
                    after.add((int) Math.min(Integer.MAX_VALUE, total - mode.before(total)));
                    windows.add(count);
                }
            }
        }
        return new Sliding(size, stride, dilation, before, after, windows);
    }

    /** A window that would begin behind the input and its leading padding does not count. */
    private static int count(Call call, Tensor x, long room, int stride, Rounding rounding, long end) {
        if (room < 0) {
            throw call.refusal("windows do not fit the input").operand("input", x.shape())
                    .operand("missing elements", -room).expected("a window of at most the padded extent");
        }
        boolean up = rounding == Rounding.CEIL;
        long count = (up ? Math.ceilDiv(room, (long) stride) : room / stride) + 1;
        long seeing = up && (count - 1) * stride >= end ? count - 1 : count;
        if (seeing > Integer.MAX_VALUE) {
            throw call.refusal("too many windows").operand("windows", seeing)
                    .expected("at most " + Integer.MAX_VALUE);
        }
        return (int) seeing;
    }

    /** Refuses what is not {@code [batch, channels, extents...]} with so many extents. */
    static void requireAxes(Call call, Tensor x, int axes) {
        if (axes < 1 || x.rank() != axes + 2) {
            throw call.refusal("rank does not fit the windows").operand("input", x.shape())
                    .operand("spatial axes", axes).expected("[batch, channels, extents...]");
        }
    }

    /** An attribute with a number for each axis. */
    static List<Integer> numbers(Call call, String name, int count, int least, int otherwise) {
        int[] given = call.attributes().integers(name).orElseGet(() -> {
            int[] same = new int[count];
            Arrays.fill(same, otherwise);
            return same;
        });
        if (given.length != count || Arrays.stream(given).anyMatch(number -> number < least)) {
            throw call.refusal("numbers that do not fit the axes").operand(name, Arrays.toString(given))
                    .expected(count + " numbers of " + least + " or more");
        }
        return Arrays.stream(given).boxed().toList();
    }

    /** The attribute {@code kernel_shape}. */
    static List<Integer> kernel(Call call) {
        int[] given = call.attributes().integers("kernel_shape").orElseThrow(() -> call.missing("kernel_shape"));
        return numbers(call, "kernel_shape", given.length, 1, 1);
    }

    /** The window of a weight, which the attribute {@code kernel_shape} may say again. */
    static List<Integer> kernel(Call call, Tensor weight) {
        if (weight.rank() < 3) {
            throw call.refusal("not a weight").operand("weight", weight.shape())
                    .expected("rank 3 or more, with one spatial axis or more");
        }
        List<Integer> size = IntStream.range(2, weight.rank()).mapToObj(weight::dim).toList();
        call.attributes().integers("kernel_shape").ifPresent(said -> {
            if (!Arrays.stream(said).boxed().toList().equals(size)) {
                throw call.refusal("the weight has another window").operand("weight", weight.shape())
                        .operand("kernel_shape", Arrays.toString(said)).expected(size.toString());
            }
        });
        return size;
    }

    /** From the first to the last element of a window. */
    static long span(int size, int dilation) {
        return (size - 1L) * dilation + 1;
    }

    /** As operations take it. */
    Slide slide(int groups) {
        return new Slide(stride, before, dilation, groups);
    }

    /** The window, for an input that is padded already. */
    Window window() {
        return new Window(size, stride, List.of(0), dilation, Rounding.FLOOR);
    }

    /** The input with zeros wherever a window reaches beyond it. */
    Tensor padded(Tensor x) {
        Tensor padded = x;
        for (int axis = 0; axis < size.size(); axis++) {
            long reach = (windows.get(axis) - 1L) * stride.get(axis) + span(size.get(axis), dilation.get(axis));
            long behind = Math.max(0, reach - before.get(axis) - x.dim(axis + 2));
            if (behind > Integer.MAX_VALUE) {
                throw ShapeException.of("window", "windows reach too far").operand("input", x.shape())
                        .operand("reach", reach).expected("at most " + Integer.MAX_VALUE);
            }
            padded = padded.pad(axis + 2, before.get(axis), (int) behind, 0);
        }
        return padded;
    }

    /** F64: how many elements of each window are elements of the input, or of its padding too; at least 1. */
    Tensor counts(Tensor x, Divisor.Counted divisor) {
        boolean padding = divisor == Divisor.Counted.WINDOW;
        Tensor counts = Tensor.scalar(1.0, DType.F64);
        for (int axis = 0; axis < size.size(); axis++) {
            long low = padding ? -before.get(axis) : 0;
            long high = x.dim(axis + 2) + (padding ? (long) after.get(axis) : 0);
            long step = dilation.get(axis);
            double[] along = new double[windows.get(axis)];
            for (int o = 0; o < along.length; o++) {
                long start = (long) o * stride.get(axis) - before.get(axis);
                long skipped = Math.max(0, Math.ceilDiv(low - start, step));
                along[o] = Math.max(1, Math.min(size.get(axis), Math.ceilDiv(high - start, step)) - skipped);
            }
            counts = counts.unsqueeze(-1).mul(Tensor.of(along));
        }
        return counts;
    }

    /** The same number for each axis. */
    static List<Integer> same(int axes, int number) {
        return Collections.nCopies(axes, number);
    }
}
