package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.IndexRange;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.Arrays;

/** What every operation with an index tensor asks of it, before anything is read or written. */
final class IndexRules {
    private IndexRules() {}

    static void requireFits(String operation, int axis, Shape input, TensorSpec index) {
        AxisRules.require(operation, input, axis);
        requireIndex(operation, index);
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

    static void requireIndex(String operation, TensorSpec index) {
        if (index.dtype() != DType.I64) {
            throw ShapeException.of(operation, "the index is not an integer tensor")
                    .operand("index", index)
                    .expected("I64");
        }
    }

    /** Refuses what is scattered unless there is an element for each index, of the dtype of what it goes into. */
    static void requireAlike(String operation, TensorSpec base, TensorSpec index, TensorSpec source) {
        if (!source.shape().equals(index.shape()) || source.dtype() != base.dtype()) {
            throw ShapeException.of(operation, "what is scattered does not fit")
                    .operand("source", source)
                    .operand("index", index.shape())
                    .operand("base", base)
                    .expected("a source " + base.dtype() + index.shape());
        }
    }

    /** Refuses indices outside of the axis. */
    static void requireInRange(String operation, int axis, Shape input, Array index) {
        inRange(operation, axis, input, index).run();
    }

    /** The same to be done again and again. */
    static Launch inRange(String operation, int axis, Shape input, Array index) {
        return between(operation, 0, input.dim(axis), input, index);
    }

    /** Refuses indices outside of {@code [least, extent)}, again and again. */
    static Launch between(String operation, int least, int extent, Object where, Array index) {
        Array once = once(index);
        IndexRange range = new IndexRange(once, least, extent);
        return () -> {
            int outside = range.firstOutside();
            if (outside >= 0) {
                throw refusal(operation, least, extent, where, once, outside);
            }
        };
    }

    /** Refuses indices outside of {@code [least, extent)}; gives the least index there is, 0 if none is less. */
    static long requireBetween(String operation, int least, int extent, Object where, Array index) {
        Array once = once(index);
        IndexRange range = new IndexRange(once, least, extent);
        int outside = range.firstOutside();
        if (outside >= 0) {
            throw refusal(operation, least, extent, where, once, outside);
        }
        return range.lowest();
    }

    private static ShapeException refusal(String operation, int least, int extent, Object where, Array index,
            int number) {
        return ShapeException.of(operation, "index out of range")
                .operand("index", index.longs()[index.position(number)])
                .operand("at", coordinates(index.shape(), number))
                .operand("in", where)
                .expected(extent == 0 ? "no index: the axis is empty" : least + " to " + (extent - 1));
    }

    /** The index without what only repeats it along stretched axes. */
    private static Array once(Array index) {
        Shape shape = index.shape();
        for (int axis = 0; axis < shape.rank(); axis++) {
            shape = index.stride(axis) == 0 && shape.dim(axis) > 1 ? shape.with(axis, 1) : shape;
        }
        return index.view(shape, index.strides(), index.offset());
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
