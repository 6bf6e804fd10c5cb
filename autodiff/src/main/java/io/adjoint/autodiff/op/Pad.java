package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.Moves;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.List;
import java.util.Optional;

/**
 * A constant before, after and between the elements along one axis: the reverse of {@link Slice}.
 *
 * @param axis in {@code [0, rank)}
 * @param before how many go before the first element
 * @param after how many go after the last element
 * @param between how many go between two neighbours
 * @param value the constant, which the dtype must hold; an integer loses its fraction
 */
public record Pad(int axis, int before, int after, int between, double value) implements Indexing {
    @Override
    public String id() {
        return "pad";
    }

    @Override
    public String formula() {
        return "x with a constant before, after and between its elements along the axis";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.of("Pad");
    }

    @Override
    public Arity arity() {
        return Arity.of(1);
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        TensorSpec input = inputs.getFirst();
        AxisRules.require(id(), input.shape(), axis);
        int extent = input.shape().dim(axis);
        if (before < 0 || after < 0 || between < 0) {
            throw ShapeException.of(id(), "negative padding")
                    .operand("before", before)
                    .operand("after", after)
                    .operand("between", between)
                    .expected("0 or more; slice to remove elements");
        }
        if (!input.dtype().holds(value)) {
            throw ShapeException.of(id(), "an integer cannot hold this number").operand("value", value)
                    .operand("input", input).expected("a number in the range of " + input.dtype());
        }
        long padded = (long) before + after + extent + (long) Math.max(0, extent - 1) * between;
        if (padded > Integer.MAX_VALUE) {
            throw ShapeException.of(id(), "too many elements")
                    .operand("extent", padded)
                    .expected("at most " + Integer.MAX_VALUE + " along an axis");
        }
        return new TensorSpec(input.dtype(), input.shape().with(axis, (int) padded));
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        return Prepared.compute(this, infer(List.of(inputs.getFirst().spec())), inputs);
    }

    @Override
    @SuppressWarnings("exports")
    public Launch prepare(List<Array> inputs, Array out) {
        Array x = inputs.getFirst();
        return Launch.all(() -> Moves.fill(out, value), Moves.prepare(x, place(x.shape()).view(out)));
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(Gradient.Partial.linear(v -> place(v.inputSpec(0).shape()).apply(v.cotangent())));
    }

    /** Where the elements of the input are in the result. Fewer than two have nothing between them. */
    private Slice place(Shape input) {
        int extent = input.dim(axis);
        int step = extent < 2 ? 1 : between + 1;
        return new Slice(axis, before, before + Math.max(0, extent - 1) * step + Math.min(1, extent), step);
    }

    static Sample sample(Sampler sampler) {
        Tensor x = sampler.tensor(sampler.shape(1, 5), Domain.REAL);
        return Sample.of(new Pad(sampler.between(0, x.shape().rank() - 1), sampler.between(0, 2),
                sampler.between(0, 2), sampler.between(0, 2), sampler.between(0, 1)), x);
    }
}
