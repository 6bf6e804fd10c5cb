package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.tape.Internals;
import java.util.List;
import java.util.Optional;

/**
 * The gradient of {@link Softmax}: from the gradient {@code a} by its result and the result {@code b}, along the axis.
 *
 * <p>An operation for speed: one pass over each row in cache.
 *
 * @param axis in {@code [0, rank)}
 */
public record SoftmaxGradient(int axis) implements RowOp {
    @Override
    public String id() {
        return "softmax_gradient";
    }

    @Override
    public String formula() {
        return "a b - b (sum of a b along the axis)";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.empty();
    }

    @Override
    public Arity arity() {
        return Arity.of(2);
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        return requireRows(id(), axis, inputs.getFirst(), inputs.getLast());
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        Array g = Internals.array(inputs.getFirst());
        Array y = Internals.array(inputs.getLast());
        return Internals.tensor(g.size() == 0 ? g : RowProgram.SOFTMAX_GRADIENT.along(axis, g, y));
    }

    @Override
    @SuppressWarnings("exports")
    public Launch prepare(List<Array> inputs, Array out) {
        return RowProgram.SOFTMAX_GRADIENT.prepareAlong(axis, inputs, out);
    }

    @Override
    public int separableAxes(List<TensorSpec> inputs) {
        return AxisRules.separable(axis, inputs.getFirst().shape());
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(
                // linear and its own transpose
                Gradient.Partial.reading(1, v -> apply(v.cotangent(), v.input(1))),
                Gradient.Partial.reading(0, 1, v -> {
                    Tensor g = v.input(0);
                    Tensor y = v.input(1);
                    Tensor c = v.cotangent();
                    return c.mul(g.sub(sum(g.mul(y)))).sub(g.mul(sum(c.mul(y))));
                }));
    }

    private Tensor sum(Tensor x) {
        return x.sum(Axes.keep(axis));
    }

    /** Refuses what are not a gradient and a result of one spec with such an axis. */
    static TensorSpec requireRows(String operation, int axis, TensorSpec gradient, TensorSpec result) {
        Reducing.requireFloat(operation, result.dtype());
        AxisRules.require(operation, result.shape(), axis);
        if (!gradient.equals(result)) {
            throw ShapeException.of(operation, "gradient and result differ").operand("gradient", gradient)
                    .operand("result", result).expected("gradient " + result);
        }
        return result;
    }

    static Sample sample(Sampler sampler) {
        Shape shape = sampler.shape(1, 5);
        return Sample.of(new SoftmaxGradient(sampler.between(0, shape.rank() - 1)),
                sampler.tensor(shape, Domain.REAL), sampler.tensor(shape, Domain.REAL));
    }
}
