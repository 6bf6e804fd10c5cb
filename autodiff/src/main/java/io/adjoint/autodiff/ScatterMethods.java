package io.adjoint.autodiff;

import io.adjoint.autodiff.op.ScatterAdd;
import io.adjoint.autodiff.op.ScatterExtreme;
import io.adjoint.autodiff.op.ScatterMultiply;

/**
 * The methods of a {@link Tensor} that put elements of another one to the places that an index names along an axis, into a copy.
 *
 * <p>In those that scatter, the index has a number for each element: element {@code [i][j]} goes to {@code [index[i][j]][j]} for
 * axis 0. It is I64, of this rank, with values in {@code [0, extent)}; its extents are at most the source's, and along the
 * other axes at most this tensor's. An index without elements passes in any shape. In the others the index is a list, with
 * a number for each slice of the source. A scalar passes for a list of one element everywhere, so that it has an axis 0.
 */
public sealed interface ScatterMethods extends Shaped permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /**
     * This with the elements of {@code source} at the places that the index names, as {@code torch.scatter}. Where a place is
     * named twice, the last in row-major order stays, and only that gets a gradient.
     *
     * @param source of this dtype
     * @throws ShapeException if index or source do not fit, or a value is out of range
     */
    default Tensor scatter(int axis, Tensor index, Tensor source) {
        Scattering s = Scattering.of("scatter", self(), axis, index, source);
        if (s.isEmpty()) {
            return self();
        }
        Tensor places = Places.numbers(s.base().shape()).gather(s.axis(), s.index());
        return Places.set(self(), places, s.source());
    }

    /** As {@link #scatter(int, Tensor, Tensor)} with one number for all, without its fraction for an integer dtype, which must hold it. */
    default Tensor scatter(int axis, Tensor index, double value) {
        Scattering s = Scattering.of("scatter", self(), axis, index);
        if (s.isEmpty()) {
            return self();
        }
        return s.hit().where(Tensor.number("scatter", value, dtype()), s.base()).reshape(shape());
    }

    /**
     * This with each element of {@code source} added at the place that the index names, in row-major order, as {@code
     * torch.scatter_add}. Derivatives: 1 by this, the gradient gathered at the index by the source.
     *
     * @param source of this dtype
     * @throws ShapeException if this is BOOL, index or source do not fit, or a value is out of range
     */
    default Tensor scatterAdd(int axis, Tensor index, Tensor source) {
        Scattering s = Scattering.of("scatter_add", self(), axis, index, source);
        return s.isEmpty() ? self() : new ScatterAdd(s.axis()).apply(s.base(), s.index(), s.source()).reshape(shape());
    }

    /**
     * This with what the reduction makes of the elements of {@code source} that go to one place, and of the element there, as
     * {@code torch.scatter_reduce}; {@code SUM} and {@code PROD} are {@code torch.scatter} with its {@code add} and {@code
     * multiply}. Places that are not named stay. The derivative of a product is exact where factors are zero, and NaN is greatest
     * and least.
     *
     * @param source of this dtype
     * @param base whether the element of this at a place counts
     * @throws ShapeException if this is BOOL, index or source do not fit, or a value is out of range
     */
    default Tensor scatterReduce(int axis, Tensor index, Tensor source, ScatterReduction reduction, ScatterBase base) {
        Scattering s = Scattering.of("scatter_reduce", self(), axis, index, source);
        if (dtype() == DType.BOOL) {
            throw ShapeException.of("scatter_reduce", "not a number").operand("input", spec())
                    .expected("an integer or float; cast BOOL first");
        }
        if (s.isEmpty()) {
            return self();
        }
        Tensor reduced = switch (reduction) {
            case SUM -> new ScatterAdd(s.axis()).apply(s.baseOr(0, base), s.index(), s.source());
            case PROD -> new ScatterMultiply(s.axis()).apply(s.baseOr(1, base), s.index(), s.source());
            case MEAN -> {
                Tensor sum = new ScatterAdd(s.axis()).apply(s.baseOr(0, base), s.index(), s.source());
                Tensor count = s.count(base).cast(dtype());
                yield dtype().isFloat() ? sum.div(count) : sum.floorDivide(count);
            }
            case MAX ->
                new ScatterExtreme(ScatterExtreme.Which.MAX, s.axis(), base).apply(s.base(), s.index(), s.source());
            case MIN ->
                new ScatterExtreme(ScatterExtreme.Which.MIN, s.axis(), base).apply(s.base(), s.index(), s.source());
        };
        return reduced.reshape(shape());
    }

    /**
     * This with {@code alpha} times the slices of {@code source} added to those at these places, as {@code torch.index_add}.
     *
     * @param index I64 of rank 1, or a scalar, with values in {@code [0, extent)}
     * @param source of this dtype, with a slice for each number of the index
     * @param alpha without a fraction if this is an integer tensor
     * @throws ShapeException if this is BOOL, index or source do not fit, or a value is out of range
     */
    default Tensor indexAdd(int axis, Tensor index, Tensor source, double alpha) {
        Scattering s = Scattering.ofSlices("index_add", self(), axis, index, source);
        if (dtype() == DType.BOOL || !dtype().isFloat() && alpha != Math.rint(alpha)) {
            throw ShapeException.of("index_add", "not such numbers").operand("input", spec()).operand("alpha", alpha)
                    .expected("a number, and for integers a whole alpha");
        }
        Tensor added = alpha == 1 ? s.source() : s.source().mul(Tensor.scalar(alpha, dtype()));
        return new ScatterAdd(s.axis()).apply(s.base(), s.index(), added).reshape(shape());
    }

    /** As {@link #indexAdd(int, Tensor, Tensor, double)} with the factor 1. */
    default Tensor indexAdd(int axis, Tensor index, Tensor source) {
        return indexAdd(axis, index, source, 1);
    }

    /**
     * This with the slices of {@code source} in place of those at these places, as {@code torch.index_copy}. Where a place is named
     * twice, the last stays, and only that gets a gradient.
     *
     * @param index I64 of rank 1, or a scalar, with values in {@code [0, extent)}
     * @param source of this dtype, with a slice for each number of the index
     * @throws ShapeException if index or source do not fit, or a value is out of range
     */
    default Tensor indexCopy(int axis, Tensor index, Tensor source) {
        Scattering s = Scattering.ofSlices("index_copy", self(), axis, index, source);
        Tensor places = Places.numbers(s.base().shape()).gather(s.axis(), s.index());
        return Places.set(self(), places, s.source());
    }

    /**
     * This with a value everywhere in the slices at these places, as {@code torch.index_fill}; the gradient by the value is the
     * sum of what it covers.
     *
     * @param index I64 of rank 1, or a scalar; below 0 counts from the end
     * @param value a scalar, which is cast to this dtype
     * @throws ShapeException if the index does not fit, its values are out of range, or the value is not a scalar
     */
    default Tensor indexFill(int axis, Tensor index, Tensor value) {
        Tensor base = Places.axes(self());
        int at = base.shape().axis("index_fill", axis);
        if (value.rank() != 0) {
            throw ShapeException.of("index_fill", "the value is not a scalar").operand("value", value.spec())
                    .expected("shape []");
        }
        Tensor list = Places.resolved("index_fill", Places.list("index_fill", index), base.dim(at));
        Tensor hit = Places.hit(Shape.of(base.dim(at)), 0, list);
        return Places.along(hit, at, base.shape()).where(value.cast(dtype()), base).reshape(shape());
    }

    /** As {@link #indexFill(int, Tensor, Tensor)} with a number, without its fraction for an integer dtype, which must hold it. */
    default Tensor indexFill(int axis, Tensor index, double value) {
        return indexFill(axis, index, Tensor.number("index_fill", value, dtype()));
    }
}
