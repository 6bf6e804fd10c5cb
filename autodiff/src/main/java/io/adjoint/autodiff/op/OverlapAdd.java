package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.Accumulate;
import io.adjoint.autodiff.kernel.Moves;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Windows put back where they slid along an axis, added where they overlap, zero where there is none: the reverse of
 * {@link Unfold}. Each element sums in ascending order of its place within the windows.
 *
 * @param axis in {@code [0, rank - 1)}, counts the windows; the last axis counts the elements within one
 * @param extent of the axis in the result
 * @param step from one window to the next, 1 or more
 * @param dilation from one element of a window to the next, 1 or more
 */
public record OverlapAdd(int axis, int extent, int step, int dilation) implements Windowed {
    @Override
    public String id() {
        return "overlap_add";
    }

    @Override
    public String formula() {
        return "sum of x[..., i, ..., t] at [..., i * step + t * dilation, ...]";
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
        Shape shape = input.shape();
        AxisRules.require(id(), shape, axis);
        Reducing.requireNumber(id(), input.dtype());
        if (axis == shape.rank() - 1) {
            throw ShapeException.of(id(), "no axis within the windows").operand("axis", axis).operand("input", shape)
                    .expected("an axis before the last one");
        }
        int windows = Unfold.count(id(), extent, shape.dim(-1), step, dilation);
        if (shape.dim(axis) != windows) {
            throw ShapeException.of(id(), "another number of windows")
                    .operand("input", shape)
                    .operand("axis", axis)
                    .operand("extent", extent)
                    .expected(windows + " windows along the axis");
        }
        return new TensorSpec(input.dtype(), summed(shape));
    }

    private Shape summed(Shape input) {
        return Shape.of(Arrays.copyOf(input.dims(), input.rank() - 1)).with(axis, extent);
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        return Prepared.compute(this, new TensorSpec(inputs.getFirst().dtype(), summed(inputs.getFirst().shape())),
                inputs);
    }

    @Override
    @SuppressWarnings("exports")
    public Launch prepare(List<Array> inputs, Array out) {
        Array x = inputs.getFirst();
        int last = x.shape().rank() - 1;
        Array windows = new Unfold(axis, x.shape().dim(last), step, dilation).view(out);
        Launch[] steps = new Launch[1 + x.shape().dim(last)];
        steps[0] = () -> Moves.fill(out, 0);
        for (int t = 0; t < x.shape().dim(last); t++) { // no element of the result occurs twice at one t
            Slice slice = new Slice(last, t, t + 1, 1);
            steps[t + 1] = Accumulate.prepare(slice.view(x), slice.view(windows));
        }
        return Launch.all(steps);
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(Gradient.Partial.linear(
                v -> v.cotangent().unfold(axis, v.inputSpec(0).shape().dim(-1), step, dilation)));
    }

    static Sample sample(Sampler sampler) {
        Shape shape = sampler.shape(1, 4);
        int axis = sampler.between(0, shape.rank() - 1);
        int size = sampler.between(1, 3);
        int step = sampler.between(1, 3);
        int dilation = sampler.between(1, 2);
        int windows = sampler.between(1, 4);
        int extent = (windows - 1) * step + (size - 1) * dilation + 1 + sampler.between(0, step - 1);
        int[] dims = Arrays.copyOf(shape.dims(), shape.rank() + 1);
        dims[axis] = windows;
        dims[shape.rank()] = size;
        return Sample.of(new OverlapAdd(axis, extent, step, dilation), sampler.tensor(Shape.of(dims), Domain.REAL));
    }
}
