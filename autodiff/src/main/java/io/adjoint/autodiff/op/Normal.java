package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.Philox;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.List;

/** Numbers of the normal distribution with mean 0 and variance 1. */
public record Normal(Shape shape, DType dtype) implements Noise {
    @Override
    public String id() {
        return "random_normal";
    }

    @Override
    public String formula() {
        return "a normal random number for each index, from the key";
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        return Prepared.compute(this, new TensorSpec(dtype, shape), inputs);
    }

    @Override
    @SuppressWarnings("exports")
    public Launch prepare(List<Array> inputs, Array out) {
        return Philox.normal(inputs.getFirst(), out);
    }

    static Sample sample(Sampler sampler) {
        return Sample.of(new Normal(sampler.shape(), sampler.dtype()), sampler.indices(Shape.of(2), 1000));
    }
}
