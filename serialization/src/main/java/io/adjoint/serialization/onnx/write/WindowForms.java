package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.AdaptiveMaxPlaces;
import io.adjoint.autodiff.op.Convolution;
import io.adjoint.autodiff.op.ConvolutionInput;
import io.adjoint.autodiff.op.ConvolutionWeight;
import io.adjoint.autodiff.op.MaxPlaces;
import io.adjoint.autodiff.op.OverlapAdd;
import io.adjoint.autodiff.op.Slide;
import io.adjoint.autodiff.op.Windowed;
import io.adjoint.serialization.onnx.write.Lowering.Decomposition;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Operations on windows in terms of others: what ONNX has no operator for, or none for integers. */
final class WindowForms {
    private WindowForms() {}

    static Optional<Decomposition> of(Windowed op) {
        return Optional.ofNullable(switch (op) {
            case Convolution convolution -> in -> IntegerConvolution.of(convolution, in.getFirst(), in.getLast());
            case ConvolutionInput input -> in -> IntegerConvolution.byInput(input, in.getFirst(), in.getLast());
            case ConvolutionWeight weight -> in -> byWeight(weight, in.getFirst(), in.getLast());
            case OverlapAdd add -> in -> overlapAdd(add, in.getFirst());
            case AdaptiveMaxPlaces(List<Integer> windows) -> in -> places(windows,
                    (axis, extent) -> adaptive(extent, windows.get(axis)), in.getFirst());
            case MaxPlaces max ->
                in -> places(max.windows(), (axis, extent) -> sliding(max, axis, extent), in.getFirst());
        });
    }

    /**
     * A convolution of the images with the windows, where the examples take the place of the channels, and strides and
     * dilations change theirs.
     */
    private static Tensor byWeight(ConvolutionWeight op, Tensor images, Tensor windows) {
        int groups = op.slide().groups();
        int[] dims = images.shape().dims();
        int channels = dims[1] / groups;
        int[] grouped = new int[dims.length + 1];
        grouped[0] = dims[0];
        grouped[1] = groups;
        grouped[2] = channels;
        System.arraycopy(dims, 2, grouped, 3, dims.length - 2);
        int[] joined = dims.clone();
        joined[0] = channels;
        joined[1] = groups * dims[0];
        Tensor byChannel = images.reshape(Shape.of(grouped)).movedim(2, 0).movedim(2, 1)
                .reshape(Shape.of(joined));
        Slide turned = new Slide(op.slide().dilation(), op.slide().before(), op.slide().stride(), groups);
        return new Convolution(turned, op.taps()).apply(byChannel, windows.transpose(0, 1)).transpose(0, 1);
    }

    private static Tensor overlapAdd(OverlapAdd op, Tensor x) {
        int last = x.rank() - 1;
        int size = x.dim(last);
        Tensor lines = x.movedim(op.axis(), last - 1).flatten(last - 1);
        long[] places = LongStream.range(0, (long) x.dim(op.axis()) * size)
                .map(i -> i / size * op.step() + i % size * op.dilation()).toArray();
        Tensor zeros = Tensor.zeros(lines.shape().with(-1, op.extent()), x.dtype());
        Tensor sums = zeros.scatterAdd(last - 1, Tensor.of(places).expand(lines.shape()), lines);
        return sums.movedim(last - 1, op.axis());
    }

    /** For each window along an axis the places that it sees: as many for each. */
    private interface Table {
        long[] of(int axis, int extent);
    }

    /** Each window by the places that it sees. */
    private static Tensor places(List<Integer> windows, Table table, Tensor x) {
        int axes = windows.size();
        int outer = x.rank() - axes;
        List<long[]> tables = IntStream.range(0, axes).mapToObj(axis -> table.of(axis, x.dim(outer + axis))).toList();
        Tensor seen = x;
        int[] lengths = new int[axes];
        // from [..., n, ...] to [..., windows, length, ...], axis by axis from the last
        for (int axis = axes - 1; axis >= 0; axis--) {
            int length = tables.get(axis).length;
            lengths[axis] = windows.get(axis) == 0 ? 1 : length / windows.get(axis);
            int[] dims = seen.shape().dims();
            int[] split = IntStream.concat(IntStream.concat(Arrays.stream(dims, 0, outer + axis),
                    IntStream.of(windows.get(axis), lengths[axis])), Arrays.stream(dims, outer + axis + 1, dims.length))
                    .toArray();
            seen = seen.indexSelect(outer + axis, Tensor.of(tables.get(axis))).reshape(split);
        }
        int[] order = IntStream.concat(IntStream.range(0, outer), IntStream.concat(
                IntStream.range(0, axes).map(axis -> outer + 2 * axis),
                IntStream.range(0, axes).map(axis -> outer + 2 * axis + 1))).toArray();
        Tensor rows = seen.permute(order).flatten(outer + axes);
        Tensor chosen = rows.argmax(rows.rank() - 1).unsqueeze(-1);
        Tensor all = Tensor.of(inPlane(windows, lengths, tables, x)).reshape(append(windows, rows.dim(-1)));
        return all.expand(rows.shape()).gather(rows.rank() - 1, chosen).squeeze(rows.rank() - 1);
    }

    private static Shape append(List<Integer> windows, int last) {
        return Shape.of(IntStream.concat(windows.stream().mapToInt(Integer::intValue), IntStream.of(last)).toArray());
    }

    /** The last place repeated up to the length of the longest. */
    private static long[] adaptive(int extent, int windows) {
        int longest = 1;
        for (int o = 0; o < windows; o++) {
            longest = Math.max(longest, stop(o, extent, windows) - start(o, extent, windows));
        }
        long[] table = new long[windows * longest];
        for (int i = 0; i < table.length; i++) {
            int window = i / longest;
            table[i] = Math.min(start(window, extent, windows) + i % longest, stop(window, extent, windows) - 1);
        }
        return table;
    }

    /** In the place of what lies beside the image: the first, or the last, that the window sees of it. */
    private static long[] sliding(MaxPlaces op, int axis, int extent) {
        int size = op.size().get(axis);
        int dilation = op.slide().dilation().get(axis);
        long[] table = new long[op.windows().get(axis) * size];
        for (int i = 0; i < table.length; i++) {
            int start = i / size * op.slide().stride().get(axis) - op.slide().before().get(axis);
            int first = Math.max(0, Math.ceilDiv(-start, dilation));
            int last = Math.min(size - 1, Math.floorDiv(extent - 1 - start, dilation));
            table[i] = start + (long) Math.max(first, Math.min(i % size, last)) * dilation;
        }
        return table;
    }

    private static int start(int window, int extent, int windows) {
        return (int) ((long) window * extent / windows);
    }

    private static int stop(int window, int extent, int windows) {
        return (int) Math.ceilDiv((window + 1L) * extent, windows);
    }

    /** The places in the plane, in the order of windows and then of what each sees. */
    private static long[] inPlane(List<Integer> windows, int[] lengths, List<long[]> tables, Tensor x) {
        int axes = windows.size();
        int count = windows.stream().mapToInt(Integer::intValue).reduce(1, (a, b) -> a * b);
        int size = IntStream.of(lengths).reduce(1, (a, b) -> a * b);
        long[] places = new long[count * size];
        for (int i = 0; i < places.length; i++) {
            int window = i / size;
            int at = i % size;
            long scale = 1;
            for (int axis = axes - 1; axis >= 0; axis--) {
                int extent = x.dim(x.rank() - axes + axis);
                int entry = window % windows.get(axis) * lengths[axis] + at % lengths[axis];
                places[i] += scale * tables.get(axis)[entry];
                window /= windows.get(axis);
                at /= lengths[axis];
                scale *= extent;
            }
        }
        return places;
    }
}
