package io.adjoint.autodiff;

import io.adjoint.autodiff.op.Gather;
import io.adjoint.autodiff.op.ScatterAdd;
import java.util.stream.IntStream;

/**
 * The methods of a {@link Tensor} that take elements from, or put them to, places that another tensor names.
 */
public sealed interface IndexingMethods extends Shaped permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /**
     * For each place of {@code index}, the element at that place with its coordinate along {@code axis} replaced by the
     * index, as {@code torch.gather}; the gradient is added up where it was taken from.
     *
     * @param index I64, of this rank, with values in {@code [0, extent)}; along other axes its extents are at most this
     *     tensor's
     * @throws ShapeException if the index does not fit or a value is out of range
     */
    default Tensor gather(int axis, Tensor index) {
        return new Gather(shape().axis("gather", axis)).apply(self(), index);
    }

    /**
     * This with each element of {@code added} added at the place that {@code index} names along an axis, in row-major order,
     * as {@code torch.scatter_add}. Derivatives: 1 by this, the gradient gathered at the index by {@code added}.
     *
     * @param index I64, as for {@link #gather}
     * @param added of the index's shape and this dtype
     * @throws ShapeException if index or added do not fit, or a value is out of range
     */
    default Tensor scatterAdd(int axis, Tensor index, Tensor added) {
        return new ScatterAdd(shape().axis("scatter_add", axis)).apply(self(), index, added);
    }

    /**
     * The slices at these places along an axis, in their order; the gradient is added up where a place is named twice.
     *
     * @param index I64 of rank 1
     */
    default Tensor indexSelect(int axis, Tensor index) {
        int at = shape().axis("index_select", axis);
        if (index.rank() != 1 || index.dtype() != DType.I64) {
            throw ShapeException.of("index_select", "the index is not a list of I64").operand("index", index.spec())
                    .expected("I64 of rank 1");
        }
        int[] unit = IntStream.range(0, rank()).map(i -> i == at ? index.size() : 1).toArray();
        return gather(at, index.reshape(unit).expand(shape().with(at, index.size())));
    }
}
