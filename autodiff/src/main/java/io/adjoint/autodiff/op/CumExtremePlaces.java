package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.PlaceScan;
import io.adjoint.autodiff.kernel.ReduceKernel.ArgCombine;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.List;
import java.util.Optional;

/**
 * For each element the place of the greatest, or the least, one up to there along an axis, I64: the last among equals, and the last NaN once
 * there is one. Gathering there gives the running extreme and its gradient.
 *
 * @param which greatest or least
 * @param axis in {@code [0, rank)}
 */
public record CumExtremePlaces(Which which, int axis) implements Scan {
    /** Which element stays. */
    public enum Which {
        /** The greatest. */
        MAX("cummax", ArgCombine.MAX),
        /** The least. */
        MIN("cummin", ArgCombine.MIN);

        private final String asker;
        private final ArgCombine combine;

        Which(String asker, ArgCombine combine) {
            this.asker = asker;
            this.combine = combine;
        }
    }

    @Override
    public String id() {
        return "cum_extreme_places";
    }

    @Override
    public String formula() {
        return "the last j up to i with the greatest or least x[j] along the axis";
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
        TensorSpec input = inputs.getFirst();
        Reducing.requireNumber(which.asker, input.dtype());
        AxisRules.require(which.asker, input.shape(), axis);
        return new TensorSpec(DType.I64, input.shape());
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        return Prepared.computeSome(this, new TensorSpec(DType.I64, inputs.getFirst().shape()), inputs);
    }

    @Override
    @SuppressWarnings("exports")
    public Launch prepare(List<Array> inputs, Array out) {
        return PlaceScan.prepare(which.combine, inputs.getFirst(), axis, out);
    }

    @Override
    public Gradient gradient() {
        return Gradient.none("integer result");
    }

    static Sample sample(Sampler sampler) {
        Tensor x = sampler.tensor(sampler.shape(1, 5), Domain.REAL);
        return Sample.of(new CumExtremePlaces(sampler.pick(List.of(Which.values())), sampler.between(0, x.rank() - 1)),
                x);
    }
}
