package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Where elements stand: shapes, slices, joining, padding. */
final class ArrangementOperators {
    private ArrangementOperators() {}

    static void addTo(OperatorTable table) {
        moved(table, "Reshape", ArrangementOperators::reshape).knows(1);
        table.value("Shape", ArrangementOperators::shape);
        table.value("Size", call -> Value.of(Tensor.scalar(call.tensor(0).size(), DType.I64)));
        moved(table, "Concat", ArrangementOperators::concat);
        moved(table, "Slice", Slicing::slice).knows(1, 2, 3, 4);
        table.values("Split", Slicing::split).knows(1);
        moved(table, "Squeeze", ArrangementOperators::squeeze).knows(1);
        moved(table, "Unsqueeze", ArrangementOperators::unsqueeze).knows(1);
        moved(table, "Transpose", ArrangementOperators::transpose);
        moved(table, "Expand", call -> call.tensor(0).expand(
                Shape.broadcast("Expand", call.tensor(0).shape(), Shape.of(call.integers(1))))).knows(1);
        moved(table, "Tile", ArrangementOperators::tile).knows(1);
        moved(table, "Flatten", ArrangementOperators::flatten);
        moved(table, "Pad", Padding::pad).knows(1, 3);
        moved(table, "CenterCropPad", Padding::centre).knows(1);
        moved(table, "Trilu", ArrangementOperators::trilu).knows(1);
        moved(table, "ReverseSequence", ArrangementOperators::reverseSequence);
        moved(table, "DepthToSpace", ArrangementOperators::depthToSpace);
        moved(table, "SpaceToDepth", ArrangementOperators::spaceToDepth);
    }

    /** An operator whose result has elements of its first input only, so that nothing is to be rounded. */
    static OperatorTable.Entry moved(OperatorTable table, String name, Function<Call, Tensor> operator) {
        return table.value(name, call -> {
            Tensor result = operator.apply(call);
            if (result.dtype() != call.type(0).carrier()) {
                throw call.refusal("the inputs are of different types").operand("input", call.type(0))
                        .operand("together", result.spec()).expected("one type");
            }
            return new Value(call.type(0), result);
        });
    }

    /** Whole numbers that early versions of an operator have as an attribute, and later ones as an input. */
    static Optional<int[]> given(Call call, int input, String attribute) {
        return call.has(input) ? Optional.of(call.integers(input)) : call.attributes().integers(attribute);
    }

    // ---- shapes

    private static Tensor reshape(Call call) {
        Tensor x = call.tensor(0);
        int[] dims = given(call, 1, "shape").orElseThrow(() -> call.missing("shape"));
        boolean allowsZero = call.attributes().flag("allowzero");
        if (allowsZero && contains(dims, 0) && contains(dims, -1)) {
            throw call.refusal("an extent of 0 leaves that in place of -1 open")
                    .operand("shape", Arrays.toString(dims)).expected("no -1 beside 0 where allowzero is set");
        }
        int[] resolved = dims.clone();
        for (int axis = 0; axis < dims.length; axis++) {
            if (dims[axis] == 0 && !allowsZero) {
                if (axis >= x.rank()) {
                    throw call.refusal("0 stands for the extent of an axis that the input does not have")
                            .operand("input", x.shape()).operand("shape", Arrays.toString(dims))
                            .expected("0 at the first " + x.rank() + " places only");
                }
                resolved[axis] = x.dim(axis);
            }
        }
        return x.reshape(resolved);
    }

    private static boolean contains(int[] numbers, int number) {
        return IntStream.of(numbers).anyMatch(n -> n == number);
    }

    private static Value shape(Call call) {
        int[] dims = call.tensor(0).shape().dims();
        int start = place(call.attributes().whole("start", 0), dims.length);
        int end = place(call.attributes().whole("end", dims.length), dims.length);
        long[] asked = IntStream.range(start, Math.max(start, end)).mapToLong(axis -> dims[axis]).toArray();
        return Value.of(Tensor.of(asked, asked.length));
    }

    /** A place in a list, below 0 counted from its end, as the nearest that there is. */
    private static int place(long place, int length) {
        return Math.clamp(place < 0 ? place + length : place, 0, length);
    }

    private static Tensor squeeze(Call call) {
        Tensor x = call.tensor(0);
        Optional<int[]> axes = given(call, 1, "axes");
        if (axes.isEmpty()) {
            return x.squeeze();
        }
        int[] gone = IntStream.of(axes.get()).map(axis -> x.shape().axis("Squeeze", axis)).toArray();
        for (int axis : gone) {
            if (x.dim(axis) != 1) {
                throw call.refusal("an axis is not of extent 1").operand("input", x.shape()).operand("axis", axis)
                        .expected("axes of extent 1");
            }
        }
        return x.reshape(IntStream.range(0, x.rank()).filter(axis -> !contains(gone, axis)).map(x::dim).toArray());
    }

    private static Tensor unsqueeze(Call call) {
        Tensor x = call.tensor(0);
        int[] axes = given(call, 1, "axes").orElseThrow(() -> call.missing("axes"));
        int rank = x.rank() + axes.length;
        boolean[] isNew = new boolean[rank];
        for (int axis : axes) {
            int at = axis < 0 ? axis + rank : axis;
            if (at < 0 || at >= rank || isNew[at]) {
                throw call.refusal("axis out of range or named twice").operand("axes", Arrays.toString(axes))
                        .operand("input", x.shape()).expected("different axes from " + -rank + " to " + (rank - 1));
            }
            isNew[at] = true;
        }
        int[] dims = new int[rank];
        int next = 0;
        for (int axis = 0; axis < rank; axis++) {
            dims[axis] = isNew[axis] ? 1 : x.dim(next++);
        }
        return x.reshape(dims);
    }

    private static Tensor flatten(Call call) {
        Tensor x = call.tensor(0);
        int axis = call.attributes().integer("axis", 1);
        int at = axis < 0 ? axis + x.rank() : axis;
        if (at < 0 || at > x.rank()) {
            throw call.refusal("axis out of range").operand("axis", axis).operand("input", x.shape())
                    .expected("an axis from " + -x.rank() + " to " + x.rank());
        }
        int[] dims = x.shape().dims();
        return x.reshape(Shape.of(Arrays.copyOf(dims, at)).size(),
                Shape.of(Arrays.copyOfRange(dims, at, dims.length)).size());
    }

    // ---- order

    private static Tensor concat(Call call) {
        List<Tensor> tensors = call.tensorsFrom(0);
        return Tensor.concat(call.attributes().integer("axis", 1), tensors.toArray(Tensor[]::new));
    }

    private static Tensor transpose(Call call) {
        Tensor x = call.tensor(0);
        return x.permute(call.attributes().integers("perm")
                .orElseGet(() -> IntStream.range(0, x.rank()).map(axis -> x.rank() - 1 - axis).toArray()));
    }

    private static Tensor tile(Call call) {
        int[] repeats = call.integers(1);
        if (repeats.length != call.tensor(0).rank()) {
            throw call.refusal("not a number for each axis").operand("input", call.tensor(0).shape())
                    .operand("repeats", Arrays.toString(repeats)).expected("as many as axes");
        }
        return call.tensor(0).repeat(repeats);
    }

    private static Tensor trilu(Call call) {
        int offset = call.has(1) ? call.integer(1) : 0;
        Tensor x = call.tensor(0);
        return (call.attributes().whole("upper", 1) != 0 ? x.triu(offset) : x.tril(offset)).cast(x.dtype());
    }

    /** The first so many steps of each sequence backwards, the rest as they are. */
    private static Tensor reverseSequence(Call call) {
        Tensor x = call.tensor(0);
        int time = x.shape().axis("ReverseSequence", call.attributes().integer("time_axis", 0));
        int batch = x.shape().axis("ReverseSequence", call.attributes().integer("batch_axis", 1));
        Tensor lengths = call.tensor(1).cast(DType.I64);
        if (time == batch || !lengths.shape().equals(Shape.of(x.dim(batch)))) {
            throw call.refusal("not a length for each sequence").operand("input", x.shape())
                    .operand("sequence_lens", lengths.shape()).operand("time_axis", time)
                    .operand("batch_axis", batch).expected("two different axes, and lengths [" + x.dim(batch) + "]");
        }
        Tensor length = along(lengths, batch, x.rank());
        Tensor step = along(Tensor.range(x.dim(time)), time, x.rank());
        return x.takeAlongAxis(time, step.lt(length).where(length.sub(1).sub(step), step));
    }

    /** A list as a tensor of so many axes, with extents of 1 but along one. */
    static Tensor along(Tensor list, int axis, int rank) {
        int[] dims = new int[rank];
        Arrays.fill(dims, 1);
        dims[axis] = list.size();
        return list.reshape(dims);
    }

    /** Blocks of channels as squares: in depth-first order the block's place is outside of the channel, else inside. */
    private static Tensor depthToSpace(Call call) {
        Tensor x = images(call);
        int block = call.attributes().integer("blocksize", 1);
        requireMultiple(call, x, block, "channels", x.dim(1), (long) block * block);
        int depth = x.dim(1) / block / block;
        int height = x.dim(2);
        int width = x.dim(3);
        String mode = call.attributes().text("mode", "DCR");
        Tensor split = switch (mode) {
            case "DCR" -> x.reshape(x.dim(0), block, block, depth, height, width).permute(0, 3, 4, 1, 5, 2);
            case "CRD" -> x.reshape(x.dim(0), depth, block, block, height, width).permute(0, 1, 4, 2, 5, 3);
            default -> throw call.refusal("no such mode").operand("mode", mode).expected("DCR or CRD");
        };
        return split.reshape(x.dim(0), depth, height * block, width * block);
    }

    private static Tensor spaceToDepth(Call call) {
        Tensor x = images(call);
        int block = call.attributes().integer("blocksize", 1);
        requireMultiple(call, x, block, "height", x.dim(2), block);
        requireMultiple(call, x, block, "width", x.dim(3), block);
        int height = x.dim(2) / block;
        int width = x.dim(3) / block;
        return x.reshape(x.dim(0), x.dim(1), height, block, width, block).permute(0, 3, 5, 1, 2, 4)
                .reshape(x.dim(0), x.dim(1) * block * block, height, width);
    }

    private static Tensor images(Call call) {
        if (call.tensor(0).rank() != 4) {
            throw call.refusal("these are no images").operand("input", call.tensor(0).shape())
                    .expected("[batch, channels, height, width]");
        }
        return call.tensor(0);
    }

    private static void requireMultiple(Call call, Tensor x, int block, String what, int extent, long of) {
        if (block < 1 || extent % of != 0) {
            throw call.refusal("the " + what + " do not divide into blocks").operand("input", x.shape())
                    .operand("blocksize", block).expected("a multiple of " + of);
        }
    }
}
