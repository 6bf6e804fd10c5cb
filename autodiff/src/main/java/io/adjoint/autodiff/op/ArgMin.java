package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.ReduceKernel;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.List;
import java.util.Optional;

/** The place of the least element along one axis, I64: the first among equals; a NaN counts as least. */
public record ArgMin(int axis) implements Reduction {
    @Override
    public List<Integer> axes() {
        return List.of(axis);
    }

    @Override
    public String id() {
        return "argmin";
    }

    @Override
    public String formula() {
        return "index of the least x along the axis";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.of("ArgMin");
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        TensorSpec input = inputs.getFirst();
        Reducing.requireNumber(id(), input.dtype());
        Reducing.requireNonEmpty(id(), input.shape(), axes());
        return new TensorSpec(DType.I64, Reducing.dropped(input.shape(), axes()));
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        return Reducing.arg(ReduceKernel.ArgCombine.MIN, inputs.getFirst(), axis);
    }

    @Override
    @SuppressWarnings("exports")
    public Launch prepare(List<Array> inputs, Array out) {
        return ReduceKernel.prepareArg(ReduceKernel.ArgCombine.MIN, inputs.getFirst(), axis, out);
    }

    @Override
    public Gradient gradient() {
        return Gradient.none("integer result");
    }

    static Sample sample(Sampler sampler) {
        Tensor x = sampler.tensor(sampler.filled(1, 4), Domain.REAL);
        return Sample.of(new ArgMin(sampler.between(0, x.shape().rank() - 1)), x);
    }
}
