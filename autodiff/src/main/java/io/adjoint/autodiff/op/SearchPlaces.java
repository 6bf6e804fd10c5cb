package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Side;
import io.adjoint.autodiff.SortOrder;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.SearchKernel;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.tape.Internals;
import java.util.List;
import java.util.Optional;

/**
 * Where each element of the second input would be put into the sorted rows of the first, I64: {@code [..., n]} and {@code
 * [..., m]} of one dtype give {@code [..., m]} of 0 to n. The order is that of {@link SortPlaces}: a NaN is greater than every
 * number. In rows that do not ascend the place is some place.
 *
 * <p>An operation, since sorting both inputs together, which gives the same, costs far more than a few halvings for each value.
 */
public record SearchPlaces(Side side) implements Indexing {
    @Override
    public String id() {
        return "search_places";
    }

    @Override
    public String formula() {
        return "how many of a[..., :] are less (left), or not greater (right), than b";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.empty();
    }

    @Override
    public Arity arity() {
        return Arity.of(2);
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        TensorSpec sorted = inputs.getFirst();
        TensorSpec values = inputs.get(1);
        Shape shape = values.shape();
        int rank = shape.rank();
        if (rank == 0 || sorted.shape().rank() != rank || sorted.dtype() != values.dtype()
                || !shape.with(-1, 1).equals(sorted.shape().with(-1, 1))) {
            throw ShapeException.of(id(), "the values do not fit the sorted rows").operand("sorted", sorted)
                    .operand("values", values).expected("one dtype, and extents that differ in the last axis only");
        }
        return new TensorSpec(DType.I64, shape);
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        Array values = Internals.array(inputs.get(1));
        Array out = Array.uninitialized(DType.I64, values.shape());
        SearchKernel.run(Internals.array(inputs.getFirst()), values, side, out);
        return Internals.tensor(out);
    }

    @Override
    public Gradient gradient() {
        return Gradient.none("integer result");
    }

    static Sample sample(Sampler sampler) {
        Tensor rows = sampler.tensor(sampler.shape(1, 3), Domain.REAL);
        int last = rows.rank() - 1;
        Tensor sorted = rows.gather(last, new SortPlaces(last, SortOrder.ASCENDING).apply(rows));
        Tensor values = sampler.tensor(rows.shape().with(last, sampler.extent()), Domain.REAL);
        return Sample.of(new SearchPlaces(sampler.pick(List.of(Side.values()))), sorted, values);
    }
}
