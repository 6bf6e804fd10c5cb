package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.List;
import java.util.Optional;

/**
 * The logarithm of the running sum of exponentials along an axis, in order, without overflow in between: each step is {@code
 * ln (e^y + e^x)}, so that a small element in front of a great one keeps its digits, which one shift for the whole line
 * would lose.
 *
 * @param axis in {@code [0, rank)}
 */
public record LogCumSumExp(int axis) implements Scan {
    @Override
    public String id() {
        return "logcumsumexp";
    }

    @Override
    public String formula() {
        return "y[i] = ln (e^y[i - 1] + e^x[i]) along the axis, y[0] = x[0]";
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
        Reducing.requireFloat(id(), input.dtype());
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
        return ScanSteps.LOG_SUM_EXP.prepare(inputs, axis, out);
    }

    /**
     * The sum of {@code g[i] e^(x[j] - y[i])} over the i from j on, as {@code e^(x[j] - y[j]) s[j]} with {@code s[j] = g[j] +
     * e^(y[j] - y[j + 1]) s[j + 1]}: no exponent is above 0.
     */
    @Override
    public Gradient gradient() {
        return Gradient.of(Gradient.Partial.reading(0, v -> {
            Tensor y = v.output();
            int n = y.dim(axis);
            if (n == 0) {
                return v.cotangent();
            }
            Tensor before = y.slice(axis, 0, n - 1);
            Tensor after = y.slice(axis, 1, n);
            // while the sum stays infinite it changes nothing
            Tensor decay = before.isInf().and(before.eq(after)).where(0, before.sub(after)).exp();
            Tensor sums = new Recurrence(axis).apply(decay.pad(axis, 0, 1, 0).flip(axis), v.cotangent().flip(axis));
            return v.input(0).sub(y).exp().mul(sums.flip(axis));
        }).andOutput());
    }

    static Sample sample(Sampler sampler) {
        Tensor x = sampler.tensor(sampler.shape(1, 5), Domain.REAL);
        return Sample.of(new LogCumSumExp(sampler.between(0, x.rank() - 1)), x);
    }
}
