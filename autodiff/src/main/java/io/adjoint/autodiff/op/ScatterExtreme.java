package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ScatterBase;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.Copies;
import io.adjoint.autodiff.kernel.IndexKernel;
import io.adjoint.autodiff.kernel.IndexKernel.Extreme;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The greatest, or the least, of an element of the first input and those of the third whose place the second names; NaN if
 * there is one. Equals share the gradient evenly, as in {@link Max}.
 *
 * @param which greatest or least
 * @param axis in {@code [0, rank)}
 * @param includes whether the first input counts where the index names its place
 */
public record ScatterExtreme(Which which, int axis, ScatterBase includes) implements Indexing {
    /** Which element stays. */
    public enum Which {
        /** The greatest. */
        MAX,
        /** The least. */
        MIN
    }

    @Override
    public String id() {
        return "scatter_extreme";
    }

    @Override
    public String formula() {
        return "the greatest or least of a and of c at the places that b names along the axis";
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
        boolean[] isOpen = new boolean[out.size()];
        Extreme extreme = which == Which.MAX ? Extreme.MAX : Extreme.MIN;
        return Launch.all(IndexRules.inRange(id(), axis, base.shape(), index), Copies.prepareBase(base, out),
                () -> Arrays.fill(isOpen, includes == ScatterBase.EXCLUDED),
                IndexKernel.scatterExtreme(extreme, out, index, inputs.get(2), axis, isOpen));
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(
                Gradient.Partial.reading(0, 1, v -> v.cotangent().mul(share(v, baseChosen(v)))).and(2).andOutput(),
                Gradient.Partial.none(),
                Gradient.Partial.reading(0, 1, v -> sourceChosen(v).mul(
                        v.cotangent().mul(share(v, one(v))).gather(axis, v.input(1)))).and(2).andOutput());
    }

    private static Tensor one(Gradient.Context v) {
        return Tensor.full(v.inputSpec(0).shape(), v.inputSpec(0).dtype(), 1);
    }

    /** This, divided by how many elements are equal to the result at its place. */
    private Tensor share(Gradient.Context v, Tensor chosen) {
        return chosen.div(baseChosen(v).scatterAdd(axis, v.input(1), sourceChosen(v)));
    }

    private Tensor baseChosen(Gradient.Context v) {
        Tensor isChosen = v.input(0).eq(v.output());
        if (includes == ScatterBase.EXCLUDED) {
            Tensor index = v.input(1);
            Tensor count = Tensor.zeros(v.inputSpec(0).shape(), DType.I64)
                    .scatterAdd(axis, index, Tensor.full(index.shape(), DType.I64, 1));
            isChosen = isChosen.and(count.eq(0));
        }
        return isChosen.cast(v.inputSpec(0).dtype());
    }

    private Tensor sourceChosen(Gradient.Context v) {
        return v.input(2).eq(v.output().gather(axis, v.input(1))).cast(v.inputSpec(0).dtype());
    }

    static Sample sample(Sampler sampler) {
        Tensor base = sampler.tensor(sampler.filled(1, 3), Domain.DISTINCT);
        int axis = sampler.between(0, base.shape().rank() - 1);
        Tensor index = sampler.indices(base.shape().with(axis, sampler.between(0, 5)), base.shape().dim(axis));
        return Sample.of(
                new ScatterExtreme(sampler.pick(List.of(Which.values())), axis,
                        sampler.pick(List.of(ScatterBase.values()))),
                base, index, sampler.tensor(index.shape(), Domain.DISTINCT));
    }
}
