package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.runtime.Array;
import java.util.List;
import java.util.Optional;

/**
 * The elements along one axis in reverse.
 *
 * @param axis in {@code [0, rank)}
 */
public record Flip(int axis) implements View {
    @Override
    public String id() {
        return "flip";
    }

    @Override
    public String formula() {
        return "x backwards along the axis";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.empty();
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        AxisRules.require(id(), inputs.getFirst().shape(), axis);
        return inputs.getFirst();
    }

    @Override
    @SuppressWarnings("exports")
    public Array view(Array x) {
        int[] strides = x.strides();
        int offset = x.offset() + (x.shape().dim(axis) - 1) * strides[axis];
        strides[axis] = -strides[axis];
        return x.view(x.shape(), strides, offset);
    }

    @Override
    public Optional<View> ofRows(Shape input) {
        return axis < input.rank() - 1 ? Optional.of(this) : Optional.empty();
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(Gradient.Partial.linear(v -> v.cotangent().flip(axis)));
    }

    static Sample sample(Sampler sampler) {
        Tensor x = sampler.tensor(sampler.shape(1, 5), Domain.REAL);
        return Sample.of(new Flip(sampler.between(0, x.shape().rank() - 1)), x);
    }
}
