package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.List;
import java.util.Optional;

/**
 * The running sum along an axis, in order. Integers wrap around; BOOL is refused, cast it to count.
 *
 * @param axis in {@code [0, rank)}
 */
public record CumSum(int axis) implements Scan {
    @Override
    public String id() {
        return "cumsum";
    }

    @Override
    public String formula() {
        return "y[i] = y[i - 1] + x[i] along the axis, y[0] = x[0]";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.of("CumSum");
    }

    @Override
    public Arity arity() {
        return Arity.of(1);
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        TensorSpec input = inputs.getFirst();
        Reducing.requireNumber(id(), input.dtype());
        AxisRules.require(id(), input.shape(), axis);
        return input;
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        return Prepared.computeSome(this, inputs.getFirst().spec(), inputs);
    }

    @Override
    @SuppressWarnings("exports")
    public Launch prepare(List<Array> inputs, Array out) {
        return ScanSteps.SUM.prepare(inputs, axis, out);
    }

    /** An element takes part in all later sums. */
    @Override
    public Gradient gradient() {
        return Gradient.of(Gradient.Partial.linear(v -> v.cotangent().flip(axis).cumsum(axis).flip(axis)));
    }

    static Sample sample(Sampler sampler) {
        Tensor x = sampler.tensor(sampler.shape(1, 5), Domain.REAL);
        return Sample.of(new CumSum(sampler.between(0, x.rank() - 1)), x);
    }
}
