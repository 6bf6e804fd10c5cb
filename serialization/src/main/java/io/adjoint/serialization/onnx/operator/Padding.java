package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.PadMode;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.graph.Call;
import java.util.Arrays;
import java.util.stream.IntStream;

/** More elements around a tensor, or fewer. */
final class Padding {
    private Padding() {}

    /** Numbers of elements before all axes, then after them; below 0 elements are cut off. */
    static Tensor pad(Call call) {
        Tensor x = call.tensor(0);
        int[] pads = ArrangementOperators.given(call, 1, "pads").orElseThrow(() -> call.missing("pads"));
        int[] axes = call.has(3)
                ? IntStream.of(call.integers(3)).map(axis -> x.shape().axis("Pad", axis)).toArray()
                : IntStream.range(0, x.rank()).toArray();
        if (pads.length != 2 * axes.length) {
            throw call.refusal("not two numbers for each axis").operand("pads", Arrays.toString(pads))
                    .operand("axes", Arrays.toString(axes)).expected("numbers before, then numbers after");
        }
        String mode = call.attributes().text("mode", "constant");
        Tensor padded = x;
        for (int i = 0; i < axes.length; i++) {
            int before = pads[i];
            int after = pads[i + axes.length];
            padded = switch (mode) {
                case "constant" -> constant(call, padded, axes[i], before, after);
                case "reflect" -> repeated(call, padded, axes[i], before, after, PadMode.REFLECT);
                case "edge" -> repeated(call, padded, axes[i], before, after, PadMode.REPLICATE);
                case "wrap" -> repeated(call, padded, axes[i], before, after, PadMode.CIRCULAR);
                default -> throw call.refusal("no such mode").operand("mode", mode)
                        .expected("constant, reflect, edge or wrap");
            };
        }
        return padded;
    }

    private static Tensor constant(Call call, Tensor given, int axis, int before, int after) {
        Tensor x = cut(call, given, axis, before, after);
        int left = Math.max(0, before);
        int right = Math.max(0, after);
        if (!call.has(2)) {
            return left == 0 && right == 0 ? x : x.pad(axis, left, right, call.attributes().real("value", 0));
        }
        // joining takes the value as it is: unread, and a long of any size
        Tensor value = call.tensor(2);
        if (value.size() != 1) {
            throw call.refusal("not one value").operand("constant_value", value.spec()).expected("a scalar");
        }
        Tensor one = value.reshape(Shape.scalar());
        return Tensor.concat(axis, one.expand(x.shape().with(axis, left)), x,
                one.expand(x.shape().with(axis, right)));
    }

    private static Tensor cut(Call call, Tensor x, int axis, int before, int after) {
        long start = Math.max(0, -(long) before);
        long stop = x.dim(axis) + Math.min(0, (long) after);
        if (start > stop) {
            throw call.refusal("more is cut off than there is").operand("before", before).operand("after", after)
                    .operand("input", x.shape()).expected("at most " + x.dim(axis));
        }
        return x.slice(axis, (int) start, (int) stop);
    }

    /** As numpy, which goes on reflecting, or around, where the axis is too short for once. */
    private static Tensor repeated(Call call, Tensor given, int axis, int before, int after, PadMode mode) {
        Tensor x = cut(call, given, axis, before, after);
        int extent = x.dim(axis);
        int left = Math.max(0, before);
        int right = Math.max(0, after);
        if (extent == 0 && left + (long) right > 0) {
            throw call.refusal("there is nothing to repeat").operand("input", given.shape()).operand("axis", axis)
                    .expected("an axis that is not empty");
        }
        if (Math.max(left, right) < extent || mode == PadMode.REPLICATE) {
            return padded(x, axis, left, right, mode);
        }
        if ((long) left + extent + right > Integer.MAX_VALUE) {
            throw call.refusal("too many elements").operand("before", before).operand("after", after)
                    .operand("input", given.shape()).expected("at most " + Integer.MAX_VALUE + " along an axis");
        }
        long[] places = new long[left + extent + right];
        for (int i = 0; i < places.length; i++) {
            long place = (long) i - left;
            places[i] = mode == PadMode.REFLECT ? reflected(place, extent) : Math.floorMod(place, extent);
        }
        return x.indexSelect(axis, Tensor.of(places, places.length));
    }

    private static Tensor padded(Tensor x, int axis, int left, int right, PadMode mode) {
        int[] pairs = new int[2 * (x.rank() - axis)];
        pairs[pairs.length - 2] = left;
        pairs[pairs.length - 1] = right;
        return x.pad(mode, pairs);
    }

    private static long reflected(long place, int extent) {
        if (extent == 1) {
            return 0;
        }
        long within = Math.floorMod(place, 2L * extent - 2);
        return within < extent ? within : 2L * extent - 2 - within;
    }

    /** The middle of an axis, or the axis in the middle of zeros. */
    static Tensor centre(Call call) {
        Tensor x = call.tensor(0);
        int[] target = call.integers(1);
        int[] axes = call.attributes().integers("axes")
                .map(given -> IntStream.of(given).map(axis -> x.shape().axis("CenterCropPad", axis)).toArray())
                .orElseGet(() -> IntStream.range(0, x.rank()).toArray());
        if (target.length != axes.length || IntStream.of(target).anyMatch(extent -> extent < 0)) {
            throw call.refusal("not an extent for each axis").operand("shape", Arrays.toString(target))
                    .operand("axes", Arrays.toString(axes)).expected("extents of 0 or more");
        }
        Tensor centred = x;
        for (int i = 0; i < axes.length; i++) {
            int extent = x.dim(axes[i]);
            int more = target[i] - extent;
            centred = more <= 0 ? centred.slice(axes[i], -more / 2, -more / 2 + target[i])
                    : centred.pad(axes[i], more / 2, more - more / 2, 0);
        }
        return centred;
    }
}
