package io.adjoint.autodiff;

/**
 * The methods of a {@link Tensor} about places where a BOOL tensor is true, in row-major order. How many there are depends on the
 * values, so these are read on the host.
 */
public sealed interface MaskingMethods extends Shaped permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /**
     * The coordinates of the elements that are true or not zero, NaN included, as {@code torch.nonzero}: I64 {@code [count, rank]}
     * in row-major order.
     */
    default Tensor nonzero() {
        long[] places = Places.whereTrue(self().cast(DType.BOOL));
        int rank = rank();
        long[] coordinates = new long[Shape.of(places.length, rank).size()];
        for (int i = 0; i < places.length; i++) {
            long rest = places[i];
            for (int axis = rank - 1; axis >= 0; axis--) {
                coordinates[i * rank + axis] = rest % dim(axis);
                rest /= dim(axis);
            }
        }
        return Tensor.of(coordinates, Shape.of(places.length, rank));
    }

    /**
     * The elements where the mask is true, one after the other, as {@code torch.masked_select}; the gradient is zero at the others.
     *
     * @param mask BOOL; mask and tensor broadcast
     * @throws ShapeException if the mask is not BOOL or the shapes do not broadcast
     */
    default Tensor maskedSelect(Tensor mask) {
        Shape shape = masked("masked_select", mask);
        long[] places = Places.whereTrue(mask.expand(shape));
        return self().expand(shape).reshape(Shape.of(shape.size()))
                .indexSelect(0, Tensor.of(places, Shape.of(places.length)));
    }

    /**
     * This with elements of {@code source}, in row-major order, one after the other where the mask is true, as {@code
     * torch.masked_scatter}. Derivatives: 1 by this where the mask is false, 1 by the elements that were taken.
     *
     * @param mask BOOL; mask and tensor broadcast
     * @param source of this dtype, of any shape with enough elements
     * @throws ShapeException if the mask is not BOOL, the shapes do not broadcast, the source has another dtype, or the mask
     *     is true more often than the source has elements
     */
    default Tensor maskedScatter(Tensor mask, Tensor source) {
        Shape shape = masked("masked_scatter", mask);
        Places.requireDType("masked_scatter", "source", source, self());
        long[] places = Places.whereTrue(mask.expand(shape));
        if (places.length > source.size()) {
            throw ShapeException.of("masked_scatter", "not enough elements").operand("source", source.shape())
                    .operand("true elements of the mask", places.length).expected(places.length + " or more");
        }
        Tensor taken = source.reshape(Shape.of(source.size())).slice(0, 0, places.length);
        return Places.set(self().expand(shape), Tensor.of(places, Shape.of(places.length)), taken);
    }

    private Shape masked(String operation, Tensor mask) {
        if (mask.dtype() != DType.BOOL) {
            throw ShapeException.of(operation, "the mask is not boolean").operand("mask", mask.spec())
                    .expected("BOOL, as a comparison gives");
        }
        return Shape.broadcast(operation, shape(), mask.shape());
    }
}
