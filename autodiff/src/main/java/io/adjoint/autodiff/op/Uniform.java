package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.kernel.Philox;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.tape.Internals;
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
        long[] key = inputs.getFirst().toLongs();
        Array out = Array.uninitialized(dtype, shape);
        Philox.uniform(key[0], key[1], out);
        return Internals.tensor(out);
    }

    static Sample sample(Sampler sampler) {
        return Sample.of(new Uniform(sampler.shape(), sampler.dtype()), sampler.indices(Shape.of(2), 1000));
    }
}
