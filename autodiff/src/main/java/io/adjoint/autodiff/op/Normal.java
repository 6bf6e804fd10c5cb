package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.kernel.Philox;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.tape.Internals;
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
        long[] key = inputs.getFirst().toLongs();
        Array out = Array.uninitialized(dtype, shape);
        Philox.normal(key[0], key[1], out);
        return Internals.tensor(out);
    }

    static Sample sample(Sampler sampler) {
        return Sample.of(new Normal(sampler.shape(), sampler.dtype()), sampler.indices(Shape.of(2), 1000));
    }
}
