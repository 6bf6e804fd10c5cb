package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.tape.Internals;
import java.util.List;
import java.util.Optional;

/**
 * The logarithm of {@link Softmax}, exact where that underflows.
 *
 * @param axis in {@code [0, rank)}
 */
public record LogSoftmax(int axis) implements RowOp {
    @Override
    public String id() {
        return "log_softmax";
    }

    @Override
    public String formula() {
        return "x - max x - ln (sum of e^(x - max x)) along the axis";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.of("LogSoftmax");
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
        Array x = Internals.array(inputs.getFirst());
        return Internals.tensor(x.size() == 0 ? x : RowProgram.LOG_SOFTMAX.along(axis, x));
    }

    @Override
    @SuppressWarnings("exports")
    public Launch prepare(List<Array> inputs, Array out) {
        return RowProgram.LOG_SOFTMAX.prepareAlong(axis, inputs, out);
    }

    @Override
    public int separableAxes(List<TensorSpec> inputs) {
        return AxisRules.separable(axis, inputs.getFirst().shape());
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(Gradient.Partial.readingOutput(
                v -> new LogSoftmaxGradient(axis).apply(v.cotangent(), v.output())));
    }

    static Sample sample(Sampler sampler) {
        Tensor x = sampler.tensor(sampler.shape(1, 5), Domain.REAL);
        return Sample.of(new LogSoftmax(sampler.between(0, x.shape().rank() - 1)), x);
    }
}
