package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.Copies;
import io.adjoint.autodiff.kernel.IndexKernel;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.List;
import java.util.Optional;

/**
 * The first input with each element multiplied by those of the third whose place the second names: {@code out[index[i][j]][j]
 * *= c[i][j]} for axis 0, in row-major order of the index.
 *
 * <p>The derivative by a factor is the product of the others. That is the result divided by the factor, unless the factor is
 * zero; then it is the product of the factors that are not zero, times that of the other zeros at the place: 1 if there is
 * none, and if there is one, that one, written as the sum of the zeros less the factor itself so that its derivative is right
 * too. So derivatives of first and second order are exact; a third order would miss places with three zeros.
 *
 * @param axis in {@code [0, rank)}
 */
public record ScatterMultiply(int axis) implements Indexing {
    @Override
    public String id() {
        return "scatter_multiply";
    }

    @Override
    public String formula() {
        return "a multiplied by c at the places that b names along the axis";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.empty();
    }

    @Override
    public Arity arity() {
        return Arity.of(3);
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        TensorSpec base = inputs.getFirst();
        Reducing.requireNumber(id(), base.dtype());
        IndexRules.requireFits(id(), axis, base.shape(), inputs.get(1));
        IndexRules.requireAlike(id(), base, inputs.get(1), inputs.get(2));
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
                IndexKernel.scatterMultiply(out, index, inputs.get(2), axis));
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(
                Gradient.Partial.reading(1, 2, v -> {
                    TensorSpec base = v.inputSpec(0);
                    return v.cotangent().mul(apply(Tensor.full(base.shape(), base.dtype(), 1), v.input(1), v.input(2)));
                }),
                Gradient.Partial.none(),
                Gradient.Partial.reading(0, 1, this::byFactors).and(2).andOutput());
    }

    private Tensor byFactors(Gradient.Context v) {
        Tensor base = v.input(0);
        Tensor index = v.input(1);
        Tensor factors = v.input(2);
        Tensor isZero = factors.eq(0);
        Tensor filled = isZero.where(1, factors);
        Tensor none = Tensor.zeros(base.shape(), base.dtype());
        Tensor count = Tensor.zeros(base.shape(), DType.I64).scatterAdd(axis, index, isZero.cast(DType.I64))
                .gather(axis, index);
        Tensor otherZero = none.scatterAdd(axis, index, isZero.where(factors, 0)).gather(axis, index).sub(factors);
        Tensor others = count.eq(1).where(1, count.eq(2).where(otherZero, 0));
        Tensor ofZero = apply(base, index, filled).gather(axis, index).mul(others);
        Tensor product = isZero.where(ofZero, v.output().gather(axis, index).div(filled));
        return v.cotangent().gather(axis, index).mul(product);
    }

    static Sample sample(Sampler sampler) {
        Tensor base = sampler.tensor(sampler.filled(1, 3), Domain.NONZERO);
        int axis = sampler.between(0, base.shape().rank() - 1);
        Tensor index = sampler.indices(base.shape().with(axis, sampler.between(0, 5)), base.shape().dim(axis));
        Tensor factors = sampler.tensor(index.shape(), Domain.NONZERO);
        return Sample.of(new ScatterMultiply(axis), base, index,
                sampler.between(0, 2) > 0 ? factors : withZero(sampler, factors));
    }

    /** One at most: where two grow from zero together, the gradient is 0 and a difference shows the third derivative. */
    private static Tensor withZero(Sampler sampler, Tensor factors) {
        Tensor places = Tensor.range(factors.size()).reshape(factors.shape());
        return places.eq(sampler.between(0, Math.max(0, factors.size() - 1))).where(0, factors);
    }
}
