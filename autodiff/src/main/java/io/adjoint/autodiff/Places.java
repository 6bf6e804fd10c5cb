package io.adjoint.autodiff;

import io.adjoint.autodiff.op.LastPlaces;
import io.adjoint.autodiff.op.ResolveIndex;
import io.adjoint.autodiff.op.ResolveIndex.Counting;
import java.util.Arrays;

/** Places of elements as I64 numbers: along an axis, or in row-major order. */
final class Places {
    private Places() {}

    /** The places counted from the front; those below 0 counted from the end. Refused where out of range. */
    static Tensor resolved(String operation, Tensor index, int extent) {
        return new ResolveIndex(extent, Counting.FROM_BOTH_ENDS, operation).apply(index);
    }

    /** The places themselves, refused where out of range. */
    static Tensor checked(String operation, Tensor index, int extent) {
        return new ResolveIndex(extent, Counting.FROM_FRONT, operation).apply(index);
    }

    static Tensor select(String operation, Tensor x, int axis, int index) {
        int extent = x.dim(axis);
        long at = index < 0 ? (long) index + extent : index;
        if (at < 0 || at >= extent) {
            throw ShapeException.of(operation, "index out of range").operand("index", index)
                    .operand("input", x.shape())
                    .expected(extent == 0 ? "no index: the axis is empty" : -extent + " to " + (extent - 1));
        }
        return x.slice(axis, (int) at, (int) at + 1).squeeze(axis);
    }

    /** The row-major numbers of all elements. */
    static Tensor numbers(Shape shape) {
        return Tensor.range(shape.size()).reshape(shape);
    }

    /** The row-major numbers of the elements that are true, ascending. */
    static long[] whereTrue(Tensor mask) {
        boolean[] isTrue = mask.toBooleans();
        long[] places = new long[isTrue.length];
        int count = 0;
        for (int i = 0; i < isTrue.length; i++) {
            if (isTrue[i]) {
                places[count++] = i;
            }
        }
        return Arrays.copyOf(places, count);
    }

    /** A BOOL tensor of this shape, true at the places. */
    static Tensor hit(Shape shape, int axis, Tensor index) {
        return Tensor.zeros(shape, DType.I64).scatterAdd(axis, index, Tensor.full(index.shape(), DType.I64, 1)).gt(0);
    }

    /**
     * A tensor with other values at the places with these row-major numbers, the last where a place is named twice. The
     * gradient of a value that was not the last is zero.
     *
     * @param values of the shape of the places, and of the base's dtype
     */
    static Tensor set(Tensor base, Tensor places, Tensor values) {
        int count = places.size();
        Tensor last = new LastPlaces(base.size()).apply(places.reshape(Shape.of(count)));
        // one element more for those that stay: what it holds is not looked at
        Tensor all = values.reshape(Shape.of(count)).pad(0, 0, 1, 0);
        return last.lt(count).where(all.gather(0, last), base.reshape(Shape.of(base.size()))).reshape(base.shape());
    }

    /** As one axis if there is none: where PyTorch speaks of axis 0 of a scalar, it lets it pass for that. */
    static Tensor axes(Tensor x) {
        return x.rank() == 0 ? x.reshape(1) : x;
    }

    /** A list of places, or a scalar that passes for a list of one. */
    static Tensor list(String operation, Tensor index) {
        if (index.rank() > 1 || index.dtype() != DType.I64) {
            throw ShapeException.of(operation, "the index is not a list of I64").operand("index", index.spec())
                    .expected("I64 of rank 0 or 1");
        }
        return axes(index);
    }

    /** A list along one axis of tensors of some shape: an index for each element. */
    static Tensor along(Tensor list, int axis, Shape shape) {
        int[] unit = new int[shape.rank()];
        Arrays.fill(unit, 1);
        unit[axis] = list.size();
        return list.reshape(Shape.of(unit)).expand(shape.with(axis, list.size()));
    }

    static void requireDType(String operation, String name, Tensor value, Tensor base) {
        if (value.dtype() != base.dtype()) {
            throw ShapeException.of(operation, "dtypes differ").operand(name, value.spec())
                    .operand("input", base.spec()).expected(name + " of " + base.dtype());
        }
    }
}
