package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.SortOrder;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.SortKernel;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.tape.Internals;
import java.util.List;
import java.util.Optional;

/**
 * The places of the elements along one axis in sorted order, I64: gathering there gives the elements sorted, and their
 * gradient. A NaN is greater than every number and equals every NaN, -0 equals 0, false is less than true; equals keep their
 * order, in both orders.
 *
 * @param axis in {@code [0, rank)}
 */
public record SortPlaces(int axis, SortOrder order) implements Indexing {
    @Override
    public String id() {
        return "sort_places";
    }

    @Override
    public String formula() {
        return "the stable permutation p along the axis with x[..., p, ...] in order";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.empty();
    }

    @Override
    public Arity arity() {
        return Arity.of(1);
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        TensorSpec input = inputs.getFirst();
        AxisRules.require(id(), input.shape(), axis);
        return new TensorSpec(DType.I64, input.shape());
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        Array x = Internals.array(inputs.getFirst());
        Array out = Array.uninitialized(DType.I64, x.shape());
        SortKernel.run(x, axis, order, out);
        return Internals.tensor(out);
    }

    @Override
    public Gradient gradient() {
        return Gradient.none("integer result");
    }

    static Sample sample(Sampler sampler) {
        Tensor x = sampler.tensor(sampler.shape(1, 4), Domain.REAL);
        return Sample.of(new SortPlaces(sampler.between(0, x.shape().rank() - 1),
                sampler.pick(List.of(SortOrder.values()))), x);
    }
}
