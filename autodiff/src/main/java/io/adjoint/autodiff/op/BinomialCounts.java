package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.Counts;
import java.util.List;

/** Numbers of successes, one for each number of trials and chance of success; -1 for what is no number or no chance. */
public record BinomialCounts() implements RandomOp {
    @Override
    public String id() {
        return "random_binomial";
    }

    @Override
    public String formula() {
        return "the number of successes in b trials with chance c for each index, from the key a";
    }

    @Override
    public Arity arity() {
        return Arity.of(3);
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        RandomOp.requireKey(id(), inputs.getFirst());
        TensorSpec trials = inputs.get(1);
        TensorSpec chances = inputs.get(2);
        if (!trials.dtype().isFloat() || !chances.dtype().isFloat()) {
            throw ShapeException.of(id(), "not a float dtype").operand("trials", trials).operand("chances", chances)
                    .expected("F32 or F64");
        }
        return new TensorSpec(DType.I64, Shape.broadcast(id(), trials.shape(), chances.shape()));
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        long[] key = inputs.getFirst().toLongs();
        Shape shape = Shape.broadcast(id(), inputs.get(1).shape(), inputs.get(2).shape());
        double[] trials = inputs.get(1).cast(DType.F64).expand(shape).toDoubles();
        double[] chances = inputs.get(2).cast(DType.F64).expand(shape).toDoubles();
        Counts random = new Counts(key[0], key[1]);
        long[] counts = new long[trials.length];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = random.binomial(i, trials[i], chances[i]);
        }
        return Tensor.of(counts, shape);
    }

    static Sample sample(Sampler sampler) {
        List<Shape> shapes = sampler.broadcastable(2);
        return Sample.of(new BinomialCounts(), sampler.indices(Shape.of(2), 1000),
                sampler.tensor(shapes.getFirst(), Domain.POSITIVE).mul(10).floor(),
                sampler.tensor(shapes.getLast(), Domain.PROBABILITY));
    }
}
