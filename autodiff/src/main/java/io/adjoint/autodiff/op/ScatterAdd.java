package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.Copies;
import io.adjoint.autodiff.kernel.IndexKernel;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.tape.Internals;
import java.util.List;
import java.util.Optional;

/**
 * The first input with each element of the third added at the place that the second names: {@code out[index[i][j]][j] +=
 * c[i][j]} for axis 0, in row-major order of the index. The reverse of {@link Gather}.
 *
 * @param axis in {@code [0, rank)}
 */
public record ScatterAdd(int axis) implements Growing {
    @Override
    public String id() {
        return "scatter_add";
    }

    @Override
    public String formula() {
        return "a with c added at the places that b names along the axis";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.of("ScatterElements");
    }

    @Override
    public Arity arity() {
        return Arity.of(3);
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        TensorSpec base = inputs.getFirst();
        TensorSpec index = inputs.get(1);
        TensorSpec added = inputs.get(2);
        Reducing.requireNumber(id(), base.dtype());
        IndexRules.requireFits(id(), axis, base.shape(), index);
        IndexRules.requireAlike(id(), base, index, added);
        return base;
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        return Prepared.compute(this, inputs.getFirst().spec(), inputs);
    }

    @Override
    @SuppressWarnings("exports")
    public Launch prepare(List<Array> inputs, Array out) {
        Array base = inputs.getFirst();
        Array index = inputs.get(1);
        return Launch.all(IndexRules.inRange(id(), axis, base.shape(), index), Copies.prepareBase(base, out),
                IndexKernel.scatterAdd(out, index, inputs.get(2), axis));
    }

    @Override
    @SuppressWarnings("exports")
    public void grow(Array base, List<Tensor> added) {
        IndexKernel.scatterAdd(base, Internals.array(added.getFirst()), Internals.array(added.getLast()), axis).run();
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(
                Gradient.Partial.linear(Gradient.Context::cotangent),
                Gradient.Partial.none(),
                Gradient.Partial.reading(1, v -> new Gather(axis).apply(v.cotangent(), v.input(1))));
    }

    static Sample sample(Sampler sampler) {
        Tensor base = sampler.tensor(sampler.filled(1, 3), Domain.REAL);
        int axis = sampler.between(0, base.shape().rank() - 1);
        Tensor index = sampler.indices(base.shape().with(axis, sampler.between(0, 5)), base.shape().dim(axis));
        return Sample.of(new ScatterAdd(axis), base, index, sampler.tensor(index.shape(), Domain.REAL));
    }
}
