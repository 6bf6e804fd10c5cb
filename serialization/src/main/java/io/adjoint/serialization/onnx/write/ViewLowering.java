package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.Diagonal;
import io.adjoint.autodiff.op.Expand;
import io.adjoint.autodiff.op.Flip;
import io.adjoint.autodiff.op.Permute;
import io.adjoint.autodiff.op.Reshape;
import io.adjoint.autodiff.op.Slice;
import io.adjoint.autodiff.op.Unfold;
import io.adjoint.autodiff.op.View;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Other arrangements of the same elements. */
final class ViewLowering {
    private final Emitter nodes;

    ViewLowering(Emitter nodes) {
        this.nodes = nodes;
    }

    Term lower(View op, Term x, TensorSpec spec) {
        return switch (op) {
            case Reshape(Shape target) -> nodes.reshape(x, target);
            case Permute(List<Integer> order) -> nodes.transpose(x, order);
            case Expand(Shape target) -> nodes.expand(x, target);
            case Slice(int axis, int start, int stop, int step) -> nodes.slice(x, axis, start, stop, step);
            case Flip(int axis) when x.dim(axis) < 2 -> x;
            case Flip(int axis) -> nodes.node("Slice", spec, List.of(x, nodes.integers(-1),
                    nodes.constant(Tensor.of(new long[] {Long.MIN_VALUE})), nodes.integers(axis), nodes.integers(-1)));
            case Diagonal diagonal -> diagonal(diagonal, x, spec);
            case Unfold(int axis, int size, int step, int dilation) -> {
                int count = spec.shape().dim(axis);
                long[] places = LongStream.range(0, (long) count * size)
                        .map(i -> i / Math.max(1, size) * step + i % Math.max(1, size) * dilation).toArray();
                Term windows = nodes.take(x, axis, Tensor.of(places, count, size));
                yield nodes.move(windows, axis + 1, x.rank());
            }
        };
    }

    /** Both axes as one, in which the diagonal is a list of places. */
    private Term diagonal(Diagonal op, Term x, TensorSpec spec) {
        int height = x.dim(op.rows());
        int width = x.dim(op.columns());
        List<Integer> order = IntStream.concat(
                IntStream.range(0, x.rank()).filter(axis -> axis != op.rows() && axis != op.columns()),
                IntStream.of(op.rows(), op.columns())).boxed().toList();
        int length = spec.shape().dim(-1);
        long first = op.offset() < 0 ? (long) -op.offset() * width : op.offset();
        long[] places = LongStream.range(0, length).map(i -> first + i * (width + 1)).toArray();
        Term flat = nodes.reshape(nodes.transpose(x, order), spec.shape().with(-1, height * width));
        return nodes.take(flat, flat.rank() - 1, Tensor.of(places));
    }
}
