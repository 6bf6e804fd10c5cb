package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.ReduceKernel.ArgCombine;
import java.util.List;
import java.util.Optional;

/**
 * For each element the place of the greatest one up to there along an axis, I64: the last among equals, and the last NaN once
 * there is one. Gathering there gives the running maximum and its gradient.
 *
 * @param axis in {@code [0, rank)}
 */
public record CumMaxPlaces(int axis) implements Scan {
    @Override
    public String id() {
        return "cummax_places";
    }

    @Override
    public String formula() {
        return "the last j up to i with the greatest x[j] along the axis";
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
        Reducing.requireNumber(id(), input.dtype());
        AxisRules.require(id(), input.shape(), axis);
        return new TensorSpec(DType.I64, input.shape());
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        return ScanSteps.places(ArgCombine.MAX, axis, inputs.getFirst());
    }

    @Override
    public Gradient gradient() {
        return Gradient.none("integer result");
    }

    static Sample sample(Sampler sampler) {
        Tensor x = sampler.tensor(sampler.shape(1, 5), Domain.REAL);
        return Sample.of(new CumMaxPlaces(sampler.between(0, x.rank() - 1)), x);
    }
}
