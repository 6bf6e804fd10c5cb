package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.Copies;
import io.adjoint.autodiff.runtime.Array;
import java.util.Arrays;

/** What every operation with an index tensor asks of it, before anything is read or written. */
final class IndexRules {
    private IndexRules() {}

    static void requireFits(String operation, int axis, Shape input, TensorSpec index) {
        AxisRules.require(operation, input, axis);
        if (index.dtype() != DType.I64) {
            throw ShapeException.of(operation, "the index is not an integer tensor")
                    .operand("index", index)
                    .expected("I64");
        }
        boolean fits = index.shape().rank() == input.rank();
        for (int i = 0; fits && i < input.rank(); i++) {
            fits = i == axis || index.shape().dim(i) <= input.dim(i);
        }
        if (!fits) {
            throw ShapeException.of(operation, "the index does not fit the input")
                    .operand("index", index.shape())
                    .operand("input", input)
                    .expected("the same rank, and extents not above the input's except at axis " + axis);
        }
    }

    static void requireInRange(String operation, int axis, Shape input, Array index) {
        int extent = input.dim(axis);
        Array whole = Copies.contiguous(index);
        long[] values = whole.longs();
        for (int i = whole.offset(); i < whole.offset() + whole.size(); i++) {
            if (values[i] < 0 || values[i] >= extent) {
                throw ShapeException.of(operation, "index out of range")
                        .operand("index", values[i])
                        .operand("at", coordinates(index.shape(), i - whole.offset()))
                        .operand("input", input)
                        .expected(extent == 0 ? "no index: the axis is empty" : "0 to " + (extent - 1));
            }
        }
    }

    private static String coordinates(Shape shape, int index) {
        int[] at = new int[shape.rank()];
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            at[axis] = index % shape.dim(axis);
            index /= shape.dim(axis);
        }
        return Arrays.toString(at);
    }
}
