package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ScatterBase;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.SortOrder;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.Concat;
import io.adjoint.autodiff.op.EmbedDiagonal;
import io.adjoint.autodiff.op.Gather;
import io.adjoint.autodiff.op.Indexing;
import io.adjoint.autodiff.op.Pad;
import io.adjoint.autodiff.op.ResolveIndex;
import io.adjoint.autodiff.op.ScatterExtreme;
import io.adjoint.autodiff.op.ScatterMultiply;
import io.adjoint.autodiff.op.SortPlaces;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Elements at other places. */
final class IndexLowering {
    private final Emitter nodes;

    IndexLowering(Emitter nodes) {
        this.nodes = nodes;
    }

    Optional<Term> lower(Indexing op, List<Term> inputs, TensorSpec spec) {
        Term x = inputs.getFirst();
        return switch (op) {
            case Concat(int axis) -> Optional.of(nodes.node("Concat", spec, inputs, Attribute.of("axis", axis)));
            case Pad(int axis, int before, int after, int between, double value) when between == 0 ->
                Optional.of(nodes.pad(x, axis, before, after, value));
            case Gather(int axis) ->
                Optional.of(nodes.node("GatherElements", spec, inputs, Attribute.of("axis", axis)));
            case ScatterMultiply(int axis) -> Optional.of(nodes.node("ScatterElements", spec, inputs,
                    Attribute.of("axis", axis), Attribute.of("reduction", "mul")));
            case ScatterExtreme extreme -> Optional.of(scatterExtreme(extreme, inputs));
            case ResolveIndex(int extent, ResolveIndex.Counting counting, String _) -> Optional.of(
                    counting == ResolveIndex.Counting.FROM_FRONT ? x : resolved(x, extent));
            case SortPlaces(int axis, SortOrder order) -> Optional.of(sortPlaces(x, axis, order));
            case EmbedDiagonal diagonal -> Optional.of(embedDiagonal(diagonal, x, spec));
            default -> Optional.empty();
        };
    }

    /** Where the base does not count, its elements that are written to begin at the least, or greatest, number there is. */
    private Term scatterExtreme(ScatterExtreme op, List<Term> inputs) {
        Term base = inputs.getFirst();
        Term index = inputs.get(1);
        boolean isMax = op.which() == ScatterExtreme.Which.MAX;
        Term start = base;
        if (op.includes() == ScatterBase.EXCLUDED) {
            Term neutral = nodes.expand(nodes.constant(neutral(base.dtype(), isMax)), index.shape());
            start = nodes.node("ScatterElements", base.spec(), List.of(base, index, neutral),
                    Attribute.of("axis", op.axis()));
        }
        return nodes.node("ScatterElements", base.spec(), List.of(start, index, inputs.get(2)),
                Attribute.of("axis", op.axis()), Attribute.of("reduction", isMax ? "max" : "min"));
    }

    private static Tensor neutral(DType dtype, boolean isMax) {
        return switch (dtype) {
            case I32 -> Tensor.of(new int[] {isMax ? Integer.MIN_VALUE : Integer.MAX_VALUE}, Shape.scalar());
            case I64 -> Tensor.of(new long[] {isMax ? Long.MIN_VALUE : Long.MAX_VALUE}, Shape.scalar());
            case BOOL, F32, F64 ->
                Tensor.scalar(isMax ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY, dtype);
        };
    }

    private Term resolved(Term x, int extent) {
        Term isNegative =
                nodes.node("Less", new TensorSpec(DType.BOOL, x.shape()), List.of(x, nodes.number(0, x.dtype())));
        Term fromEnd = nodes.node("Add", x.spec(), List.of(x, nodes.number(extent, x.dtype())));
        return nodes.node("Where", x.spec(), List.of(isNegative, fromEnd, x));
    }

    /** Among equals the operator takes the lower place first. */
    private Term sortPlaces(Term x, int axis, SortOrder order) {
        Term numbers = x.dtype() == DType.BOOL ? nodes.cast(x, DType.I32) : x;
        return nodes.nodes("TopK", List.of(numbers.spec(), new TensorSpec(DType.I64, x.shape())),
                List.of(numbers, nodes.integers(x.dim(axis))), Attribute.of("axis", axis),
                Attribute.of("largest", order == SortOrder.DESCENDING ? 1 : 0)).getLast();
    }

    /** All places of a matrix: those beside the diagonal take a zero that is put behind its elements. */
    private Term embedDiagonal(EmbedDiagonal op, Term x, TensorSpec spec) {
        int last = x.rank() - 1;
        int length = x.dim(last);
        long[] places = new long[op.height() * op.width()];
        Arrays.fill(places, length);
        for (int i = 0; i < length; i++) {
            int row = i + Math.max(0, -op.offset());
            int column = i + Math.max(0, op.offset());
            places[row * op.width() + column] = i;
        }
        Term zeros = nodes.zeros(new TensorSpec(x.dtype(), x.shape().with(last, 1)));
        Term filled = nodes.node("Concat", new TensorSpec(x.dtype(), x.shape().with(last, length + 1)),
                List.of(x, zeros), Attribute.of("axis", last));
        Term matrices = nodes.take(filled, last, Tensor.of(places, Shape.of(op.height(), op.width())));
        List<Integer> order = new ArrayList<>(IntStream.range(0, last).boxed().toList());
        int first = Math.min(op.rows(), op.columns());
        order.add(first, op.rows() < op.columns() ? last : last + 1);
        order.add(Math.max(op.rows(), op.columns()), op.rows() < op.columns() ? last + 1 : last);
        return nodes.transpose(matrices, order);
    }
}
