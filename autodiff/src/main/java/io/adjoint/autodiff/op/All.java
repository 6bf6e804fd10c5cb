package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.ReduceKernel.Combine;
import java.util.List;
import java.util.Optional;

/** Whether every element along the axes is true; true where there is none. */
public record All(List<Integer> axes) implements Joining {
    public All {
        axes = List.copyOf(axes);
    }

    @Override
    public String id() {
        return "all";
    }

    @Override
    public String formula() {
        return "all x over the axes";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.empty();
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        Reducing.requireBoolean(id(), inputs.getFirst().dtype());
        return Reducing.inferSame(id(), inputs.getFirst(), axes);
    }

    @Override
    @SuppressWarnings("exports")
    public Combine combine() {
        return Combine.ALL;
    }

    @Override
    public Gradient gradient() {
        return Gradient.none("boolean result");
    }

    static Sample sample(Sampler sampler) {
        Tensor x = sampler.booleans(sampler.shape());
        return Sample.of(new All(sampler.axes(x.shape().rank())), x);
    }
}
