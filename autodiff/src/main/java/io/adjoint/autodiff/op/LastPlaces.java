package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.IndexKernel;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.List;
import java.util.Optional;

/**
 * For each number from 0 up to an extent, where it occurs last along the innermost axis of an index, I64; the length of
 * that axis where it does not occur. With it, what scatters can gather, where the last of several writes to one place wins.
 *
 * @param extent how many numbers are looked up; the index has values in {@code [0, extent)}
 */
public record LastPlaces(int extent) implements Indexing {
    @Override
    public String id() {
        return "last_places";
    }

    @Override
    public String formula() {
        return "the last i with x[..., i] = j at [..., j], else the length of the axis";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.empty();
    }

    @Override
    public Arity arity() {
        return Arity.of(1);
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        TensorSpec index = inputs.getFirst();
        int last = index.shape().rank() - 1;
        AxisRules.require(id(), index.shape(), last);
        TensorSpec result = new TensorSpec(DType.I64, index.shape().with(last, extent));
        IndexRules.requireFits(id(), last, result.shape(), index);
        return result;
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        return Prepared.compute(this, infer(List.of(inputs.getFirst().spec())), inputs);
    }

    @Override
    @SuppressWarnings("exports")
    public Launch prepare(List<Array> inputs, Array out) {
        Array index = inputs.getFirst();
        return Launch.all(IndexRules.inRange(id(), index.shape().rank() - 1, out.shape(), index),
                IndexKernel.lastPlaces(index, out));
    }

    @Override
    public Gradient gradient() {
        return Gradient.none("integer result");
    }

    static Sample sample(Sampler sampler) {
        int extent = sampler.between(1, 5);
        return Sample.of(new LastPlaces(extent), sampler.indices(sampler.shape(1, 3), extent));
    }
}
