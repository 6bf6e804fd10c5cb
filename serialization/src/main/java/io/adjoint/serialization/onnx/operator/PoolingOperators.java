package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Divisor;
import io.adjoint.autodiff.function.Pooling;
import io.adjoint.autodiff.op.MaxPlaces;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Pooling. */
final class PoolingOperators {
    private PoolingOperators() {}

    static void addTo(OperatorTable table) {
        table.values("MaxPool", PoolingOperators::max);
        table.tensor("AveragePool", PoolingOperators::average);
        table.tensor("LpPool", PoolingOperators::norm);
        table.tensor("GlobalMaxPool", call -> call.tensor(0).max(spatial(call)));
        table.tensor("GlobalAveragePool", call -> call.tensor(0).mean(spatial(call)));
        table.tensor("GlobalLpPool", call -> call.tensor(0).norm(power(call), spatial(call)));
        table.tensor("MaxUnpool", PoolingOperators::unpool).knows(2);
        table.tensor("RoiAlign", RegionPooling::align);
        table.tensor("MaxRoiPool", RegionPooling::max);
    }

    private static Axes spatial(Call call) {
        Tensor x = call.tensor(0);
        if (x.rank() < 3) {
            throw call.refusal("no spatial axes").operand("input", x.shape())
                    .expected("[batch, channels, extents...]");
        }
        return Axes.keep(IntStream.range(2, x.rank()).toArray());
    }

    /** Maxima, and their row-major or column-major numbers in the whole input. */
    private static List<Value> max(Call call) {
        Tensor x = call.tensor(0);
        Sliding sliding = Sliding.of(call, x, Sliding.kernel(call));
        Tensor places = new MaxPlaces(sliding.size(), sliding.slide(1), sliding.windows()).apply(x.detached());
        Tensor maxima = x.flatten(2).gather(-1, places.flatten(2)).reshape(places.shape());
        if (!call.wants(1)) {
            return List.of(call.like(0, maxima));
        }
        int plane = Shape.of(Arrays.copyOfRange(x.shape().dims(), 2, x.rank())).size();
        Tensor within = call.attributes().flag("storage_order") ? columnMajor(places, x.shape()) : places;
        int[] each = new int[x.rank()];
        Arrays.fill(each, 1);
        each[0] = x.dim(0);
        each[1] = x.dim(1);
        Tensor first = Tensor.range(x.dim(0) * x.dim(1)).cast(DType.I64).mul(plane).reshape(each);
        return List.of(call.like(0, maxima), Value.of(within.add(first)));
    }

    private static Tensor columnMajor(Tensor places, Shape shape) {
        Tensor rest = places;
        Tensor number = places.mul(0);
        long faster = Shape.of(Arrays.copyOfRange(shape.dims(), 2, shape.rank())).size();
        for (int axis = shape.rank() - 1; axis >= 2; axis--) {
            int extent = Math.max(1, shape.dim(axis));
            faster /= extent;
            number = number.add(rest.remainder(extent).mul(faster));
            rest = rest.floorDivide(extent);
        }
        return number;
    }

    private static Tensor average(Call call) {
        Tensor x = call.tensor(0);
        Sliding sliding = Sliding.of(call, x, Sliding.kernel(call));
        Tensor counts = sliding.counts(x, call.attributes().flag("count_include_pad")
                ? Divisor.Counted.WINDOW
                : Divisor.Counted.IMAGE);
        return sums(sliding, x).div(counts.cast(x.dtype()));
    }

    private static Tensor sums(Sliding sliding, Tensor x) {
        return Pooling.average(sliding.padded(x), sliding.window(), Divisor.of(1));
    }

    private static double power(Call call) {
        // before version 2 it was a float
        double p = call.version() < 2 ? call.attributes().real("p", 2) : call.attributes().whole("p", 2);
        if (!(p > 0)) {
            throw call.refusal("no such norm").operand("p", p).expected("a number above 0");
        }
        return p;
    }

    private static Tensor norm(Call call) {
        Tensor x = call.tensor(0);
        double p = power(call);
        Tensor sums = sums(Sliding.of(call, x, Sliding.kernel(call)), p == 2 ? x.square() : x.abs().pow(p));
        Tensor zero = sums.eq(0);
        // the root's slope at 0 is infinite; another argument there keeps that out of the gradient
        return zero.where(0, zero.where(1, sums).pow(1 / p));
    }

    /** Maxima put back into the smallest input that has so many windows, zeros around it where a larger one is asked for. */
    private static Tensor unpool(Call call) {
        Tensor x = call.tensor(0);
        List<Integer> size = Sliding.kernel(call);
        int axes = size.size();
        Sliding.requireAxes(call, x, axes);
        List<Integer> stride = Sliding.numbers(call, "strides", axes, 1, 1);
        List<Integer> pads = Sliding.numbers(call, "pads", 2 * axes, 0, 0);
        int[] dims = x.shape().dims();
        for (int axis = 0; axis < axes; axis++) {
            long extent = (dims[axis + 2] - 1L) * stride.get(axis) + size.get(axis)
                    - pads.get(axis) - pads.get(axes + axis);
            if (extent < 0 || extent > Integer.MAX_VALUE) {
                throw call.refusal("no such extent").operand("input", x.shape()).operand("extent", extent)
                        .expected("0 to " + Integer.MAX_VALUE);
            }
            dims[axis + 2] = (int) extent;
        }
        Shape shape = Shape.of(dims);
        Pooling.Maxima lined = new Pooling.Maxima(x.reshape(1, 1, x.size()), call.tensor(1).reshape(1, 1, x.size()));
        Tensor image = Pooling.unpool(lined, shape.size()).reshape(shape);
        return call.has(2) ? enlarged(call, image, call.integers(2)) : image;
    }

    private static Tensor enlarged(Call call, Tensor image, int[] dims) {
        Tensor larger = image;
        boolean fits = dims.length == image.rank();
        for (int axis = 0; fits && axis < dims.length; axis++) {
            fits = dims[axis] >= image.dim(axis);
            larger = fits ? larger.pad(axis, 0, dims[axis] - image.dim(axis), 0) : larger;
        }
        if (!fits) {
            throw call.refusal("the output is too small").operand("output_shape", Arrays.toString(dims))
                    .expected("at least " + image.shape());
        }
        return larger;
    }
}
