package io.adjoint.autodiff.function;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Side;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.SearchPlaces;

/** Where values stand among others. Dtypes are promoted to the later one; a NaN is greater than every number. */
public final class Searching {
    private Searching() {}

    /**
     * I64, of the values' shape: the place, from 0 to n, before which each value would be put into a sorted sequence, as {@code
     * torch.searchsorted}. No gradient. A NaN goes behind all numbers; so it does in PyTorch, which is at a loss with a NaN in
     * the sequence, however.
     *
     * @param sequence {@code [n]}, or {@code [..., n]} with the values' other extents; ascending in each row, else the place is
     *     some place
     * @param values of any shape, also a scalar, or {@code [..., m]}
     * @param side where equals go
     * @throws ShapeException if the shapes do not fit
     */
    public static Tensor searchSorted(Tensor sequence, Tensor values, Side side) {
        boolean isList = sequence.rank() == 1;
        if (!isList && (sequence.rank() == 0 || sequence.rank() != values.rank()
                || !values.shape().with(-1, 1).equals(sequence.shape().with(-1, 1)))) {
            throw ShapeException.of("search_sorted", "the values do not fit the sequence")
                    .operand("sequence", sequence.shape()).operand("values", values.shape())
                    .expected("a sequence [n], or extents that differ in the last axis only");
        }
        DType dtype = DType.promote(sequence.dtype(), values.dtype());
        Tensor sought = isList ? values.reshape(Shape.of(values.size())) : values;
        return new SearchPlaces(side).apply(sequence.cast(dtype), sought.cast(dtype)).reshape(values.shape());
    }

    /**
     * I64, of the values' shape: the bucket, from 0 to n, that each value falls into between boundaries, as {@code
     * torch.bucketize}: {@link #searchSorted} with the roles exchanged.
     *
     * @param boundaries {@code [n]}, ascending
     * @param side {@link Side#LEFT} if a boundary belongs to the bucket below it, {@link Side#RIGHT} if to that above
     * @throws ShapeException if the boundaries are no list
     */
    public static Tensor bucketize(Tensor values, Tensor boundaries, Side side) {
        if (boundaries.rank() != 1) {
            throw ShapeException.of("bucketize", "the boundaries are no list").operand("boundaries", boundaries.shape())
                    .expected("[n]");
        }
        return searchSorted(boundaries, values, side);
    }

    /** BOOL, of the elements' shape: whether each is among those of another tensor, as {@code torch.isin}; a NaN never is. */
    public static Tensor isIn(Tensor elements, Tensor among) {
        if (among.size() == 0) {
            return Tensor.zeros(elements.shape(), DType.BOOL);
        }
        DType dtype = DType.promote(elements.dtype(), among.dtype());
        Tensor list = elements.detached().cast(dtype).reshape(Shape.of(elements.size()));
        Tensor sorted = among.detached().cast(dtype).reshape(Shape.of(among.size())).sort(0).values();
        Tensor place = new SearchPlaces(Side.LEFT).apply(sorted, list).clampMax(among.size() - 1);
        return sorted.gather(0, place).eq(list).reshape(elements.shape());
    }
}
