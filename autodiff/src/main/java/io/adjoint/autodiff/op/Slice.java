package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.runtime.Array;
import java.util.List;
import java.util.Optional;

/**
 * Every {@code step}-th element along one axis, from {@code start} up to but without {@code stop}.
 *
 * @param axis in {@code [0, rank)}
 * @param start in {@code [0, extent]}
 * @param stop in {@code [start, extent]}
 * @param step 1 or more
 */
public record Slice(int axis, int start, int stop, int step) implements View {
    @Override
    public String id() {
        return "slice";
    }

    @Override
    public String formula() {
        return "x[start : stop : step] along the axis";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.of("Slice");
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        TensorSpec input = inputs.getFirst();
        AxisRules.require(id(), input.shape(), axis);
        int extent = input.shape().dim(axis);
        if (start < 0 || stop < start || stop > extent || step < 1) {
            throw ShapeException.of(id(), "range outside the axis")
                    .operand("start", start)
                    .operand("stop", stop)
                    .operand("step", step)
                    .operand("input", input.shape())
                    .expected("0 <= start <= stop <= " + extent + " and a step of 1 or more");
        }
        return new TensorSpec(input.dtype(), input.shape().with(axis, count()));
    }

    private int count() {
        return Math.ceilDiv(stop - start, step);
    }

    @Override
    @SuppressWarnings("exports")
    public Array view(Array x) {
        int[] strides = x.strides();
        int offset = x.offset() + start * strides[axis];
        strides[axis] *= step;
        return x.view(x.shape().with(axis, count()), strides, offset);
    }

    @Override
    public Optional<View> ofRows(Shape input) {
        return axis < input.rank() - 1 ? Optional.of(this) : Optional.empty();
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(Gradient.Partial.linear(v -> {
            int extent = v.inputSpec(0).shape().dim(axis);
            int covered = count() == 0 ? 0 : (count() - 1) * step + 1;
            int before = count() == 0 ? 0 : start;
            // + 0 makes 0 of -0, as in slices that are added to this one: whichever comes first is no matter
            return new Pad(axis, before, extent - before - covered, step - 1, 0).apply(v.cotangent().add(0));
        }).adding(v -> Optional.of(new Gradient.Addition(new SliceAdd(this), v.cotangent()))));
    }

    static Sample sample(Sampler sampler) {
        Tensor x = sampler.tensor(sampler.shape(1, 5), Domain.REAL);
        int axis = sampler.between(0, x.shape().rank() - 1);
        int start = sampler.between(0, x.shape().dim(axis));
        int stop = sampler.between(start, x.shape().dim(axis));
        return Sample.of(new Slice(axis, start, stop, sampler.between(1, 3)), x);
    }
}
