package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.ResolveIndex;
import io.adjoint.serialization.onnx.graph.Call;
import java.util.stream.IntStream;

/** Elements taken from, or put to, places that indices name. */
final class IndexingOperators {
    private IndexingOperators() {}

    static void addTo(OperatorTable table) {
        ArrangementOperators.moved(table, "Gather", IndexingOperators::gather);
    }

    /** Places of an axis, below 0 counted from its end; refused where out of range. */
    static Tensor places(Call call, Tensor index, int extent) {
        return new ResolveIndex(extent, ResolveIndex.Counting.FROM_BOTH_ENDS, call.operator())
                .apply(index.cast(DType.I64));
    }

    private static Tensor gather(Call call) {
        Tensor x = call.tensor(0);
        Tensor index = call.tensor(1);
        int axis = x.shape().axis("Gather", call.attributes().integer("axis", 0));
        int[] outer = IntStream.range(0, axis).map(x::dim).toArray();
        int[] shape = IntStream.concat(IntStream.of(outer), IntStream.concat(IntStream.of(index.shape().dims()),
                IntStream.range(axis + 1, x.rank()).map(x::dim))).toArray();
        Tensor list = places(call, index, x.dim(axis)).reshape(Shape.of(index.size()));
        return x.indexSelect(axis, list).reshape(Shape.of(shape));
    }
}
