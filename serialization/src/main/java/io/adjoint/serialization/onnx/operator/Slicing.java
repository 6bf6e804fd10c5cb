package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Parts of a tensor along its axes. */
final class Slicing {
    private Slicing() {}

    /** Slices with steps, which may go backwards; before version 10 all numbers are attributes. */
    static Tensor slice(Call call) {
        long[] starts = numbers(call, 1, "starts").orElseThrow(() -> call.missing("starts"));
        long[] ends = numbers(call, 2, "ends").orElseThrow(() -> call.missing("ends"));
        long[] axes = numbers(call, 3, "axes").orElseGet(() -> LongStream.range(0, starts.length).toArray());
        long[] steps = call.has(4) ? call.wholes(4) : LongStream.generate(() -> 1).limit(starts.length).toArray();
        if (ends.length != starts.length || axes.length != starts.length || steps.length != starts.length) {
            throw call.refusal("the lists are not of one length").operand("starts", Arrays.toString(starts))
                    .operand("ends", Arrays.toString(ends)).operand("axes", Arrays.toString(axes))
                    .operand("steps", Arrays.toString(steps)).expected("one number of each for each axis");
        }
        Tensor x = call.tensor(0);
        for (int i = 0; i < starts.length; i++) {
            int axis = x.shape().axis("Slice", Math.clamp(axes[i], Integer.MIN_VALUE, Integer.MAX_VALUE));
            x = slice(call, x, axis, starts[i], ends[i], steps[i]);
        }
        return x;
    }

    private static Optional<long[]> numbers(Call call, int input, String attribute) {
        return call.has(input) ? Optional.of(call.wholes(input)) : call.attributes().wholes(attribute);
    }

    /** As Python: places below 0 count from the end, and what lies beyond the axis is left out. */
    private static Tensor slice(Call call, Tensor x, int axis, long start, long end, long step) {
        int extent = x.dim(axis);
        if (step == 0) {
            throw call.refusal("a step is 0").operand("axis", axis).expected("a step forwards or backwards");
        }
        long from = start < 0 ? start + extent : start;
        long to = end < 0 ? end + extent : end;
        int stride = (int) Math.min(Math.abs(Math.max(step, -Integer.MAX_VALUE)), Integer.MAX_VALUE);
        if (step > 0) {
            int first = Math.clamp(from, 0, extent);
            return x.slice(axis, first, Math.max(first, Math.clamp(to, 0, extent)), stride);
        }
        // backwards, place p of the axis is place extent - 1 - p
        int first = extent - 1 - Math.clamp(from, -1, extent - 1);
        int last = extent - 1 - Math.clamp(to, -1, extent - 1);
        return x.flip(axis).slice(axis, first, Math.max(first, last), stride);
    }

    /** Pieces of given sizes, or of equal ones of which the last may be smaller. */
    static List<Value> split(Call call) {
        Tensor x = call.tensor(0);
        int axis = x.shape().axis("Split", call.attributes().integer("axis", 0));
        int[] sizes = ArrangementOperators.given(call, 1, "split").orElseGet(() -> equal(call, x.dim(axis)));
        return x.split(sizes, axis).stream().map(piece -> new Value(call.type(0), piece)).toList();
    }

    private static int[] equal(Call call, int extent) {
        int pieces = call.attributes().integer("num_outputs", call.outputs());
        if (pieces != call.outputs() || pieces < 1) {
            throw call.refusal("another number of outputs").operand("num_outputs", pieces)
                    .operand("outputs", call.outputs()).expected("as many as there are");
        }
        if (call.version() < 18 && extent % pieces != 0) {
            throw call.refusal("the axis does not divide").operand("extent", extent).operand("outputs", pieces)
                    .expected("an extent that is a multiple of the outputs");
        }
        int size = (extent + pieces - 1) / pieces;
        return IntStream.range(0, pieces).map(i -> Math.clamp(extent - (long) i * size, 0, size)).toArray();
    }
}
