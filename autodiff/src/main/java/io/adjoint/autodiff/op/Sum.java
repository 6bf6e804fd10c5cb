package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.ReduceKernel.Combine;
import java.util.List;
import java.util.Optional;

/** The sum along axes; 0 where there is nothing to add. Integers wrap around; BOOL is refused, cast it to count. */
public record Sum(List<Integer> axes) implements Joining {
    public Sum {
        axes = List.copyOf(axes);
    }

    @Override
    public String id() {
        return "sum";
    }

    @Override
    public String formula() {
        return "sum of x over the axes";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.of("ReduceSum");
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        Reducing.requireNumber(id(), inputs.getFirst().dtype());
        return Reducing.inferSame(id(), inputs.getFirst(), axes);
    }

    @Override
    @SuppressWarnings("exports")
    public Combine combine() {
        return Combine.SUM;
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(Gradient.Partial.linear(
                v -> Reducing.restore(v.cotangent(), v.inputSpec(0).shape(), axes)));
    }

    static Sample sample(Sampler sampler) {
        Tensor x = sampler.tensor(Domain.REAL);
        return Sample.of(new Sum(sampler.axes(x.shape().rank())), x);
    }
}
