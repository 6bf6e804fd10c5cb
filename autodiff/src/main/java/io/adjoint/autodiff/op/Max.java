package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.ReduceKernel.Combine;
import java.util.List;
import java.util.Optional;

/** The greatest element along axes; NaN if there is one. The gradient is shared evenly among equals, as PyTorch's amax does. */
public record Max(List<Integer> axes) implements Joining {
    public Max {
        axes = List.copyOf(axes);
    }

    @Override
    public String id() {
        return "max";
    }

    @Override
    public String formula() {
        return "greatest x over the axes";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.of("ReduceMax");
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
        return Combine.MAX;
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(Gradient.Partial.reading(0, v -> Reducing.evenly(v, axes)).andOutput());
    }

    static Sample sample(Sampler sampler) {
        Tensor x = sampler.tensor(sampler.filled(0, 5), Domain.DISTINCT);
        return Sample.of(new Max(sampler.axes(x.shape().rank())), x);
    }
}
