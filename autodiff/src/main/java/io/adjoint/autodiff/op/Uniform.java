package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.Philox;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.List;

/** Numbers spread evenly over [0, 1). */
public record Uniform(Shape shape, DType dtype) implements Noise {
    @Override
    public String id() {
        return "random_uniform";
    }

    @Override
    public String formula() {
        return "a uniform random number for each index, from the key";
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        return Prepared.compute(this, new TensorSpec(dtype, shape), inputs);
    }

    @Override
    @SuppressWarnings("exports")
    public Launch prepare(List<Array> inputs, Array out) {
        return Philox.uniform(inputs.getFirst(), out);
    }

    static Sample sample(Sampler sampler) {
        return Sample.of(new Uniform(sampler.shape(), sampler.dtype()), sampler.indices(Shape.of(2), 1000));
    }
}
