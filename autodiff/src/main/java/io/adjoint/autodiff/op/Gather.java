package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.IndexKernel;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.List;
import java.util.Optional;

/**
 * For each place of the index tensor, the element of the input at that place with its coordinate along one axis replaced
 * by the index: {@code out[i][j] = x[index[i][j]][j]} for axis 0. As {@code torch.gather}: an extent of the index may be
 * smaller than the input's.
 *
 * @param axis in {@code [0, rank)}
 */
public record Gather(int axis) implements Indexing {
    @Override
    public String id() {
        return "gather";
    }

    @Override
    public String formula() {
        return "a[..., b[i, ...], ...] along the axis";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.of("GatherElements");
    }

    @Override
    public Arity arity() {
        return Arity.of(2);
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        TensorSpec input = inputs.getFirst();
        TensorSpec index = inputs.get(1);
        IndexRules.requireFits(id(), axis, input.shape(), index);
        return new TensorSpec(input.dtype(), index.shape());
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        return Prepared.compute(this, new TensorSpec(inputs.getFirst().dtype(), inputs.get(1).shape()), inputs);
    }

    @Override
    @SuppressWarnings("exports")
    public Launch prepare(List<Array> inputs, Array out) {
        Array x = inputs.getFirst();
        Array index = inputs.get(1);
        return Launch.all(IndexRules.inRange(id(), axis, x.shape(), index), IndexKernel.gather(x, index, axis, out));
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(
                Gradient.Partial.reading(1, v -> new ScatterAdd(axis).apply(
                        Tensor.full(v.inputSpec(0).shape(), v.inputSpec(0).dtype(), 0), // one number, stretched
                        v.input(1), v.cotangent()))
                        .adding(v -> Optional
                                .of(new Gradient.Addition(new ScatterAdd(axis), v.input(1), v.cotangent()))),
                Gradient.Partial.none());
    }

    static Sample sample(Sampler sampler) {
        Tensor x = sampler.tensor(sampler.filled(1, 3), Domain.REAL);
        int axis = sampler.between(0, x.shape().rank() - 1);
        Tensor index = sampler.indices(x.shape().with(axis, sampler.between(0, 5)), x.shape().dim(axis));
        return Sample.of(new Gather(axis), x, index);
    }
}
