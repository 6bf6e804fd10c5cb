package io.adjoint.autodiff;

import io.adjoint.autodiff.op.Gather;
import java.util.Arrays;

/**
 * The methods of a {@link Tensor} that take elements from, or put them to, places that indices name. All indices are checked
 * before anything is written.
 */
public sealed interface IndexingMethods extends Shaped permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /**
     * {@code this[indices]}, as PyTorch has it; see {@link Index}. A view unless tensors or truth values choose; the gradient is
     * added up where it was taken from. An axis after a mask of several axes is the one after all of these, as in numpy.
     *
     * @throws ShapeException if there are more indices than axes, a place is out of range, a mask has another shape, or index
     *     tensors do not broadcast
     */
    default Tensor get(Index... indices) {
        return Subscript.of("get", self(), indices);
    }

    /**
     * This with {@code this[indices] = value}, as {@code torch.Tensor.__setitem__} of a copy. Where a place is named
     * twice, the last value in row-major order stays, and only that gets a gradient. Derivatives: 1 by this where nothing was
     * put, 1 by the values that stay.
     *
     * @param value stretches to the shape of {@link #get} at these indices, outer axes of extent 1 left out; it is cast to this
     *     dtype
     * @throws ShapeException if the indices are refused by {@link #get}, or the value does not stretch
     */
    default Tensor put(Tensor value, Index... indices) {
        Tensor places = Subscript.of("put", Places.numbers(shape()), indices);
        return Places.set(self(), places, stretched("put", value, places.shape()));
    }

    /** As {@link #put(Tensor, Index...)} with a number, without its fraction for an integer dtype, which must hold it; derivative 0 there. */
    default Tensor put(double value, Index... indices) {
        return put(Tensor.number("put", value, dtype()), indices);
    }

    /**
     * This with {@code value} added at the indices, as often as a place is named, as {@code torch.index_put} that accumulates.
     * Derivatives: 1 by this, that of {@link #get} by the value.
     *
     * @param value as in {@link #put(Tensor, Index...)}
     * @throws ShapeException as there, or if this is BOOL
     */
    default Tensor putAdd(Tensor value, Index... indices) {
        Tensor places = Subscript.of("put_add", Places.numbers(shape()), indices);
        Tensor added = stretched("put_add", value, places.shape());
        Shape flat = Shape.of(places.size());
        return self().reshape(Shape.of(size())).scatterAdd(0, places.reshape(flat), added.reshape(flat))
                .reshape(shape());
    }

    private Tensor stretched(String operation, Tensor value, Shape shape) {
        Tensor inner = value;
        while (inner.rank() > shape.rank() && inner.dim(0) == 1) {
            inner = inner.squeeze(0);
        }
        if (!Shape.broadcast(operation, inner.shape(), shape).equals(shape)) {
            throw ShapeException.of(operation, "the value does not stretch to the places")
                    .operand("value", value.shape()).operand("places", shape).expected("extents of 1 or the places'");
        }
        return inner.cast(dtype()).expand(shape);
    }

    /**
     * For each place of {@code index}, the element at that place with its coordinate along {@code axis} replaced by the
     * index, as {@code torch.gather}; the gradient is added up where it was taken from.
     *
     * @param axis of a scalar 0 or -1: it passes for one element
     * @param index I64, of this rank, with values in {@code [0, extent)}; along other axes its extents are at most this
     *     tensor's. One without elements passes in any shape.
     * @return of the index's shape
     * @throws ShapeException if the index does not fit or a value is out of range
     */
    default Tensor gather(int axis, Tensor index) {
        Tensor x = Places.axes(self());
        int at = x.shape().axis("gather", axis);
        if (index.size() == 0 && index.dtype() == DType.I64) {
            return Tensor.zeros(index.shape(), dtype());
        }
        return new Gather(at).apply(x, Places.axes(index)).reshape(index.shape());
    }

    /**
     * As {@link #gather}, but index and tensor broadcast along the other axes, as {@code torch.take_along_dim}: with the result of
     * {@code argmax} or {@code argsort} it takes what these found.
     *
     * @param index I64 of this rank, with values in {@code [0, extent)}
     * @throws ShapeException if the ranks differ, shapes do not broadcast, or a value is out of range
     */
    default Tensor takeAlongAxis(int axis, Tensor index) {
        Tensor x = Places.axes(self());
        Tensor places = Places.axes(index);
        int at = x.shape().axis("take_along_axis", axis);
        if (places.rank() != x.rank() || index.dtype() != DType.I64) {
            throw ShapeException.of("take_along_axis", "the index does not fit").operand("index", index.spec())
                    .operand("input", shape()).expected("I64 of the same rank");
        }
        Places.checked("take_along_axis", index, x.dim(at));
        Shape around = Shape.broadcast("take_along_axis", x.shape().with(at, 1), places.shape().with(at, 1));
        Tensor taken = x.expand(around.with(at, x.dim(at))).gather(at, places.expand(around.with(at, places.dim(at))));
        return rank() == 0 && index.rank() == 0 ? taken.reshape(Shape.scalar()) : taken;
    }

    /** The elements with these row-major numbers, one after the other, as {@code torch.take_along_dim} without an axis. */
    default Tensor takeAlongAxis(Tensor index) {
        Tensor flat = index.reshape(Shape.of(index.size()));
        return self().reshape(Shape.of(size())).takeAlongAxis(0, flat);
    }

    /**
     * The elements with these row-major numbers, as {@code torch.take}; the gradient is added up where it was taken from.
     *
     * @param index I64 of any shape, which is the result's; below 0 counts from the end
     * @throws ShapeException if the index is not I64 or a value is out of range
     */
    default Tensor take(Tensor index) {
        Tensor places = Places.resolved("take", index, size()).reshape(Shape.of(index.size()));
        return self().reshape(Shape.of(size())).gather(0, places).reshape(index.shape());
    }

    /**
     * The slices at these places along an axis, in their order, as {@code torch.index_select}; the gradient is added up where a
     * place is named twice.
     *
     * @param axis of a scalar 0 or -1; of that only one element can be taken, and it is a scalar again
     * @param index I64 of rank 1, or a scalar that passes for a list of one, with values in {@code [0, extent)}
     * @throws ShapeException if the index does not fit or a value is out of range
     */
    default Tensor indexSelect(int axis, Tensor index) {
        Tensor x = Places.axes(self());
        int at = x.shape().axis("index_select", axis);
        Tensor list = Places.list("index_select", index);
        if (rank() == 0 && list.size() != 1) {
            throw ShapeException.of("index_select", "a scalar has one element").operand("index", index.spec())
                    .operand("input", shape()).expected("an index of one element");
        }
        Places.checked("index_select", list, x.dim(at));
        Tensor slices = x.gather(at, Places.along(list, at, x.shape()));
        return rank() == 0 ? slices.reshape(shape()) : slices;
    }

    /** The class numbers in this as vectors, see {@link #oneHot(int)}, of as many elements as the greatest number asks for. */
    default Tensor oneHot() {
        if (dtype() != DType.I64 || size() == 0) {
            throw ShapeException.of("one_hot", "no class numbers").operand("input", spec())
                    .expected("I64 with an element or more; or say how many classes there are");
        }
        double greatest = self().max().item();
        Places.checked("one_hot", self(), Integer.MAX_VALUE);
        return oneHot((int) greatest + 1);
    }

    /**
     * For each number in this I64 tensor a vector that is 1 at its place and 0 elsewhere, as {@code
     * torch.nn.functional.one_hot}: I64, with a last axis for the classes.
     *
     * @throws ShapeException if this is not I64, or a number is not in {@code [0, classes)}
     */
    default Tensor oneHot(int classes) {
        Tensor places = Places.checked("one_hot", self(), classes);
        int[] dims = Arrays.copyOf(shape().dims(), rank() + 1);
        dims[rank()] = classes;
        Shape shape = Shape.of(dims);
        return size() == 0 ? Tensor.zeros(shape, DType.I64)
                : places.unsqueeze(-1).eq(Tensor.range(classes)).cast(DType.I64);
    }
}
