package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.ReduceKernel.Combine;
import java.util.List;
import java.util.Optional;

/** Whether an element along the axes is true; false where there is none. */
public record Any(List<Integer> axes) implements Joining {
    public Any {
        axes = List.copyOf(axes);
    }

    @Override
    public String id() {
        return "any";
    }

    @Override
    public String formula() {
        return "any x over the axes";
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
        return Combine.ANY;
    }

    @Override
    public Gradient gradient() {
        return Gradient.none("boolean result");
    }

    static Sample sample(Sampler sampler) {
        Tensor x = sampler.booleans(sampler.shape());
        return Sample.of(new Any(sampler.axes(x.shape().rank())), x);
    }
}
