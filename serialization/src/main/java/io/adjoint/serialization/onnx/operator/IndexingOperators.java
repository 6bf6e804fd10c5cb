package io.adjoint.serialization.onnx.operator;

import static io.adjoint.serialization.onnx.operator.ArrangementOperators.along;
import static io.adjoint.serialization.onnx.operator.ArrangementOperators.moved;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Index;
import io.adjoint.autodiff.ScatterBase;
import io.adjoint.autodiff.ScatterReduction;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.ResolveIndex;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Elements taken from, or put to, places that indices name. Places below 0 count from the end of the axis. */
final class IndexingOperators {
    private IndexingOperators() {}

    static void addTo(OperatorTable table) {
        moved(table, "Gather", IndexingOperators::gather);
        moved(table, "GatherElements", IndexingOperators::gatherElements);
        moved(table, "GatherND", IndexingOperators::gatherNd);
        table.tensor("Scatter", IndexingOperators::scatterElements);
        table.tensor("ScatterElements", IndexingOperators::scatterElements);
        table.tensor("ScatterND", IndexingOperators::scatterNd);
        moved(table, "TensorScatter", IndexingOperators::tensorScatter);
        table.value("OneHot", IndexingOperators::oneHot).knows(1);
        moved(table, "Compress", IndexingOperators::compress).knows(1);
        table.value("NonZero", call -> Value.of(call.tensor(0).nonzero().transpose()));
    }

    /** Places of an axis from its beginning; refused where out of range. */
    private static Tensor places(Call call, Tensor index, int extent) {
        return new ResolveIndex(extent, ResolveIndex.Counting.FROM_BOTH_ENDS, call.operator())
                .apply(index.cast(DType.I64));
    }

    private static int axis(Call call, int otherwise) {
        return call.tensor(0).shape().axis(call.operator(), call.attributes().integer("axis", otherwise));
    }

    // ---- taking

    private static Tensor gather(Call call) {
        Tensor x = call.tensor(0);
        Tensor index = call.tensor(1);
        int axis = axis(call, 0);
        IntStream outer = IntStream.range(0, axis).map(x::dim);
        IntStream inner = IntStream.range(axis + 1, x.rank()).map(x::dim);
        int[] dims = IntStream.concat(outer, IntStream.concat(IntStream.of(index.shape().dims()), inner)).toArray();
        Tensor list = places(call, index, x.dim(axis)).reshape(Shape.of(index.size()));
        return x.indexSelect(axis, list).reshape(Shape.of(dims));
    }

    private static Tensor gatherElements(Call call) {
        int axis = axis(call, 0);
        return call.tensor(0).gather(axis, places(call, call.tensor(1), call.tensor(0).dim(axis)));
    }

    private static Tensor gatherNd(Call call) {
        Tensor x = call.tensor(0);
        Tensor index = call.tensor(1);
        int batches = call.attributes().integer("batch_dims", 0);
        if (batches < 0 || index.rank() <= batches || index.dim(-1) < 1 || x.rank() < batches + index.dim(-1)) {
            throw call.refusal("the indices are no coordinates of the input").operand("input", x.shape())
                    .operand("indices", index.shape()).operand("batch_dims", batches)
                    .expected("1 to " + (x.rank() - Math.max(0, batches)) + " coordinates along the last axis");
        }
        for (int axis = 0; axis < batches; axis++) {
            if (x.dim(axis) != index.dim(axis)) {
                throw call.refusal("the batches differ").operand("input", x.shape())
                        .operand("indices", index.shape()).expected(batches + " equal first extents");
            }
        }
        Shape shape = joined(without(index.shape()), x.shape(), batches + index.dim(-1));
        return x.get(coordinates(x, index, batches)).reshape(shape);
    }

    /** One list of places for each coordinate, at least of rank 1, since a scalar place would have to be known. */
    private static Index[] coordinates(Tensor x, Tensor index, int batches) {
        Tensor lists = index.rank() == 1 ? index.unsqueeze(0) : index;
        Index[] all = new Index[batches + index.dim(-1)];
        for (int axis = 0; axis < all.length; axis++) {
            all[axis] = Index.of(axis < batches ? along(Tensor.range(x.dim(axis)), axis, lists.rank() - 1)
                    : lists.select(-1, axis - batches).cast(DType.I64));
        }
        return all;
    }

    private static Shape without(Shape shape) {
        return Shape.of(Arrays.copyOf(shape.dims(), shape.rank() - 1));
    }

    private static Shape joined(Shape outer, Shape of, int from) {
        return Shape.of(IntStream.concat(IntStream.of(outer.dims()), IntStream.range(from, of.rank()).map(of::dim))
                .toArray());
    }

    private static Tensor compress(Call call) {
        Tensor places = call.tensor(1).nonzero().reshape(-1);
        if (!call.attributes().has("axis")) {
            return call.tensor(0).reshape(-1).indexSelect(0, places);
        }
        return call.tensor(0).indexSelect(axis(call, 0), places);
    }

    // ---- putting

    private static Tensor scatterElements(Call call) {
        Tensor x = call.tensor(0);
        int axis = axis(call, 0);
        return scatter(call, x, axis, places(call, call.tensor(1), x.dim(axis)), call.tensor(2));
    }

    /** Where nothing is reduced and a place is named twice, the last value stays. */
    private static Tensor scatter(Call call, Tensor x, int axis, Tensor places, Tensor updates) {
        String reduction = call.attributes().text("reduction", "none");
        if (reduction.equals("none")) {
            return x.scatter(axis, places, updates);
        }
        return x.scatterReduce(axis, places, updates, switch (reduction) {
            case "add" -> ScatterReduction.SUM;
            case "mul" -> ScatterReduction.PROD;
            case "max" -> ScatterReduction.MAX;
            case "min" -> ScatterReduction.MIN;
            default -> throw call.refusal("no such reduction").operand("reduction", reduction)
                    .expected("none, add, mul, max or min");
        }, ScatterBase.INCLUDED);
    }

    private static Tensor scatterNd(Call call) {
        Tensor x = call.tensor(0);
        Tensor index = call.tensor(1);
        Tensor updates = call.tensor(2);
        if (index.rank() < 1 || index.dim(-1) < 1 || index.dim(-1) > x.rank()) {
            throw call.refusal("the indices are no coordinates of the input").operand("input", x.shape())
                    .operand("indices", index.shape())
                    .expected("1 to " + x.rank() + " coordinates along the last axis");
        }
        Shape shape = joined(without(index.shape()), x.shape(), index.dim(-1));
        if (!updates.shape().equals(shape)) {
            throw call.refusal("not a slice for each index").operand("updates", updates.shape())
                    .operand("indices", index.shape()).operand("input", x.shape()).expected(shape.toString());
        }
        Tensor numbers = Tensor.range(x.size()).reshape(x.shape()).get(coordinates(x, index, 0));
        Shape list = Shape.of(updates.size());
        return scatter(call, x.reshape(Shape.of(x.size())), 0, numbers.reshape(list), updates.reshape(list))
                .reshape(x.shape());
    }

    /** A cache with new steps of each sequence, from a place on that each sequence has for itself. */
    private static Tensor tensorScatter(Call call) {
        Tensor cache = call.tensor(0);
        Tensor update = call.tensor(1);
        int axis = axis(call, -2);
        if (axis == 0 || update.rank() != cache.rank() || update.dim(axis) > cache.dim(axis)
                || !update.shape().with(axis, cache.dim(axis)).equals(cache.shape())) {
            throw call.refusal("the update does not fit the cache").operand("past_cache", cache.shape())
                    .operand("update", update.shape()).operand("axis", axis)
                    .expected("the shape of the cache with at most as many steps along an axis after the first");
        }
        Tensor steps = along(Tensor.range(update.dim(axis)), axis, cache.rank());
        Tensor first = call.findTensor(2).map(starts -> along(starts.cast(DType.I64), 0, cache.rank()))
                .orElseGet(() -> Tensor.scalar(0, DType.I64));
        Tensor places = first.add(steps);
        String mode = call.attributes().text("mode", "linear");
        Tensor within = switch (mode) {
            case "linear" -> places;
            case "circular" -> places.remainder(cache.dim(axis));
            default -> throw call.refusal("no such mode").operand("mode", mode).expected("linear or circular");
        };
        return cache.scatter(axis, within.expand(update.shape()), update);
    }

    /** Vectors with the second value at the place that an index names, the first elsewhere. */
    private static Value oneHot(Call call) {
        int depth = call.integer(1);
        Tensor values = call.tensor(2);
        if (depth < 1 || values.size() != 2) {
            throw call.refusal("not a depth and two values").operand("depth", depth)
                    .operand("values", values.shape()).expected("a depth of 1 or more, and values off and on");
        }
        Tensor index = call.tensor(0).cast(DType.I64);
        int rank = index.rank() + 1;
        int axis = call.attributes().integer("axis", -1);
        if (axis < -rank || axis >= rank) {
            throw call.refusal("axis out of range").operand("axis", axis).operand("indices", index.shape())
                    .expected("an axis from " + -rank + " to " + (rank - 1));
        }
        int at = axis < 0 ? axis + rank : axis;
        Tensor place = index.lt(0).where(index.add(depth), index).unsqueeze(at);
        Tensor pair = values.reshape(2);
        Tensor on = place.eq(along(Tensor.range(depth), at, rank)).where(pair.select(0, 1), pair.select(0, 0));
        return new Value(call.type(2), on);
    }
}
