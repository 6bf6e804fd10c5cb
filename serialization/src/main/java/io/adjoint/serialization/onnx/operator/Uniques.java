package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The different elements of a tensor, or the different slices along an axis. How many there are depends on the values, so
 * they are read. NaNs are equal to each other and greater than all numbers; -0 equals 0.
 */
final class Uniques {
    private Uniques() {}

    static void addTo(OperatorTable table) {
        table.values("Unique", Uniques::unique);
    }

    /** The first of each sort, their places, which of them stands at each place, and how often each occurs. */
    private static List<Value> unique(Call call) {
        Tensor given = call.tensor(0);
        boolean isFlat = !call.attributes().has("axis");
        Tensor x = isFlat ? given.reshape(given.size()) : given;
        int axis = isFlat ? 0 : x.shape().axis(call.operator(), call.attributes().integer("axis", 0));
        long[][] slices = slices(Unsigned.ordered(call.type(0), x).movedim(axis, 0));
        List<List<Integer>> groups = groups(slices);
        if (call.attributes().whole("sorted", 1) == 0) {
            groups.sort(Comparator.comparing(List::getFirst));
        }
        long[] inverse = new long[slices.length];
        for (int i = 0; i < groups.size(); i++) {
            for (int place : groups.get(i)) {
                inverse[place] = i;
            }
        }
        Tensor first = wholes(groups.stream().mapToLong(List::getFirst).toArray());
        return List.of(new Value(call.type(0), x.indexSelect(axis, first)), Value.of(first), Value.of(wholes(inverse)),
                Value.of(wholes(groups.stream().mapToLong(List::size).toArray())));
    }

    private static Tensor wholes(long[] values) {
        return Tensor.of(values, Shape.of(values.length));
    }

    /** The places of equal slices, each ascending, in the order of the slices. */
    private static List<List<Integer>> groups(long[][] slices) {
        List<List<Integer>> groups = new ArrayList<>();
        IntStream.range(0, slices.length).boxed().sorted((a, b) -> Arrays.compare(slices[a], slices[b]))
                .forEach(place -> {
                    if (groups.isEmpty() || !Arrays.equals(slices[groups.getLast().getFirst()], slices[place])) {
                        groups.add(new ArrayList<>());
                    }
                    groups.getLast().add(place);
                });
        return groups;
    }

    /** The rows as numbers in the order of the elements. */
    private static long[][] slices(Tensor x) {
        long[] all = x.dtype().isFloat()
                ? Arrays.stream(x.cast(DType.F64).toDoubles()).mapToLong(Uniques::ordered).toArray()
                : x.cast(DType.I64).toLongs();
        int n = x.dim(0);
        int length = n == 0 ? 0 : all.length / n;
        return IntStream.range(0, n).mapToObj(i -> Arrays.copyOfRange(all, i * length, (i + 1) * length))
                .toArray(long[][]::new);
    }

    private static long ordered(double value) {
        long bits = Double.doubleToLongBits(value + 0.0); // -0 becomes 0
        return bits ^ (bits >> 63 & Long.MAX_VALUE);
    }
}
