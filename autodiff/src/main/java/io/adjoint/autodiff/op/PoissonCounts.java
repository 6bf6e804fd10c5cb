package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.Counts;
import java.util.List;

/** Poisson distributed counts, one for each mean; -1 for what is no mean. */
public record PoissonCounts() implements RandomOp {
    @Override
    public String id() {
        return "random_poisson";
    }

    @Override
    public String formula() {
        return "a Poisson distributed count with mean b for each index, from the key a";
    }

    @Override
    public Arity arity() {
        return Arity.of(2);
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        RandomOp.requireKey(id(), inputs.getFirst());
        TensorSpec means = inputs.getLast();
        if (!means.dtype().isFloat()) {
            throw ShapeException.of(id(), "not a float dtype").operand("means", means).expected("F32 or F64");
        }
        return new TensorSpec(DType.I64, means.shape());
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        long[] key = inputs.getFirst().toLongs();
        double[] means = inputs.getLast().cast(DType.F64).toDoubles();
        Counts random = new Counts(key[0], key[1]);
        long[] counts = new long[means.length];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = random.poisson(i, means[i]);
        }
        return Tensor.of(counts, inputs.getLast().shape());
    }

    static Sample sample(Sampler sampler) {
        Shape shape = sampler.shape();
        return Sample.of(new PoissonCounts(), sampler.indices(Shape.of(2), 1000),
                sampler.tensor(shape, Domain.POSITIVE));
    }
}
