package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.runtime.Array;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Windows that slide along one axis, side by side: {@code out[..., i, ..., t] = x[..., i * step + t * dilation, ...]}. The
 * axis counts the windows; a new last axis counts the elements within one.
 *
 * @param axis in {@code [0, rank)}
 * @param size elements of a window
 * @param step from one window to the next, 1 or more
 * @param dilation from one element of a window to the next, 1 or more
 */
public record Unfold(int axis, int size, int step, int dilation) implements View {
    @Override
    public String id() {
        return "unfold";
    }

    @Override
    public String formula() {
        return "x[..., i * step + t * dilation, ...] at [..., i, ..., t]";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.empty();
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        TensorSpec input = inputs.getFirst();
        AxisRules.require(id(), input.shape(), axis);
        return new TensorSpec(input.dtype(), shape(input.shape()));
    }

    private Shape shape(Shape input) {
        int[] dims = Arrays.copyOf(input.dims(), input.rank() + 1);
        dims[axis] = count(id(), input.dim(axis), size, step, dilation);
        dims[input.rank()] = size;
        return Shape.of(dims);
    }

    /** How many windows lie within an axis. */
    static int count(String operation, int extent, int size, int step, int dilation) {
        long span = size <= 0 ? 0 : (size - 1L) * dilation + 1;
        if (size < 0 || step < 1 || dilation < 1 || span > extent) {
            throw ShapeException.of(operation, "no window fits the axis")
                    .operand("size", size)
                    .operand("step", step)
                    .operand("dilation", dilation)
                    .operand("extent", extent)
                    .expected("a size of 0 or more that spans at most the extent; a step and a dilation of 1 or more");
        }
        long count = (extent - span) / step + 1;
        if (count > Integer.MAX_VALUE) {
            throw ShapeException.of(operation, "too many windows").operand("windows", count)
                    .expected("at most " + Integer.MAX_VALUE);
        }
        return (int) count;
    }

    @Override
    @SuppressWarnings("exports")
    public Array view(Array x) {
        int rank = x.shape().rank();
        int[] strides = Arrays.copyOf(x.strides(), rank + 1);
        strides[rank] = x.stride(axis) * dilation;
        strides[axis] = x.stride(axis) * step;
        return x.view(shape(x.shape()), strides, x.offset());
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(Gradient.Partial.linear(
                v -> v.cotangent().overlapAdd(axis, v.inputSpec(0).shape().dim(axis), step, dilation)));
    }

    static Sample sample(Sampler sampler) {
        Tensor x = sampler.tensor(sampler.shape(1, 4), Domain.REAL);
        int axis = sampler.between(0, x.shape().rank() - 1);
        int extent = x.shape().dim(axis);
        int dilation = sampler.between(1, 2);
        int size = sampler.between(0, Math.min(3, (extent + dilation - 1) / dilation));
        return Sample.of(new Unfold(axis, size, sampler.between(1, 3), dilation), x);
    }
}
