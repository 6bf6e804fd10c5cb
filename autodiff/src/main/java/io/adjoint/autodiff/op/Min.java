package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.ReduceKernel.Combine;
import java.util.List;
import java.util.Optional;

/** The least element along axes; NaN if there is one. The gradient is shared evenly among equals, as PyTorch's amin does. */
public record Min(List<Integer> axes) implements Joining {
    public Min {
        axes = List.copyOf(axes);
    }

    @Override
    public String id() {
        return "min";
    }

    @Override
    public String formula() {
        return "least x over the axes";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.of("ReduceMin");
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        Reducing.requireNumber(id(), inputs.getFirst().dtype());
        Reducing.requireNonEmpty(id(), inputs.getFirst().shape(), axes);
        return Reducing.inferSame(id(), inputs.getFirst(), axes);
    }

    @Override
    @SuppressWarnings("exports")
    public Combine combine() {
        return Combine.MIN;
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(Gradient.Partial.reading(0, v -> Reducing.evenly(v, axes)).andOutput());
    }

    static Sample sample(Sampler sampler) {
        Tensor x = sampler.tensor(sampler.filled(0, 5), Domain.DISTINCT);
        return Sample.of(new Min(sampler.axes(x.shape().rank())), x);
    }
}
