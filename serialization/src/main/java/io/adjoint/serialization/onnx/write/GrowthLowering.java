package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.Growing;
import io.adjoint.autodiff.op.MatMul.Side;
import io.adjoint.autodiff.op.MatMulAdd;
import io.adjoint.autodiff.op.ScatterAdd;
import io.adjoint.autodiff.op.Slice;
import io.adjoint.autodiff.op.SliceAdd;
import java.util.List;
import java.util.stream.LongStream;

/** What is added to a part of a tensor, or to a whole one. */
final class GrowthLowering {
    private final Emitter nodes;

    GrowthLowering(Emitter nodes) {
        this.nodes = nodes;
    }

    Term lower(Growing op, List<Term> inputs, TensorSpec spec) {
        return switch (op) {
            case MatMulAdd(Side left, Side right) ->
                new ProductLowering(nodes).added(inputs.getFirst(), left, right, inputs.subList(1, 3));
            case ScatterAdd(int axis) -> nodes.node("ScatterElements", spec, inputs, Attribute.of("axis", axis),
                    Attribute.of("reduction", "add"));
            case SliceAdd(Slice slice) -> sliceAdd(slice, inputs.getFirst(), inputs.getLast());
        };
    }

    /** The summand is brought to the shape of the base, zeros around it and between its elements. */
    private Term sliceAdd(Slice slice, Term base, Term added) {
        int axis = slice.axis();
        int count = added.dim(axis);
        if (count == 0) {
            return base;
        }
        Term spread = added;
        int covered = count;
        if (slice.step() > 1) {
            long[] places = LongStream.range(0, (count - 1L) * slice.step() + 1)
                    .map(i -> i % slice.step() == 0 ? i / slice.step() : count).toArray();
            covered = places.length;
            spread = nodes.take(nodes.pad(added, axis, 0, 1, 0), axis, Tensor.of(places));
        }
        Term whole = nodes.pad(spread, axis, slice.start(), base.dim(axis) - slice.start() - covered, 0);
        return nodes.node("Add", base.spec(), List.of(base, whole));
    }
}
